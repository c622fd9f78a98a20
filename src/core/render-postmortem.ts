/** A postmortem as Markdown: what the pack holds is filled in, what it does not hold is said, the rest is for people. */
import { formatDuration } from './duration.js';
import { minutesBetween } from './exposure.js';
import type { Harm } from './harm.js';
import { formatInstant } from './instant.js';
import { markdownTable } from './markdown-table.js';
import { markdownText } from './markdown-text.js';
import { formatCount, formatPercent } from './number-text.js';
import type { Postmortem } from './postmortem.js';

/** For people; easy to find, so that none is left in. */
const blank = (what: string): string => `_[to fill in: ${what}]_`;

export function renderPostmortem(postmortem: Postmortem): string {
  const { report } = postmortem;
  return `${[
    `# Postmortem: ${markdownText(report.plan)}, ${report.outcome}`,
    '',
    'This page looks for causes in what was there, not in persons. What stands in brackets is for people; everything else is from the pack.',
    ...trust(postmortem),
    ...section('Executive summary', summary(postmortem)),
    ...section('Impact', impact(postmortem)),
    ...section('Detection and response', response(postmortem)),
    ...section('Timeline (UTC)', timeline(postmortem)),
    ...section('Decisions, and the evidence they were bound to', decisions(postmortem)),
    ...section('Contributing factors', factors(postmortem)),
    ...section('Corrective actions', actions(postmortem)),
    ...section('Lessons', lessons(postmortem)),
    ...section('Sign-off', signOff(postmortem)),
  ].join('\n')}\n`;
}

const section = (title: string, lines: readonly string[]): string[] => ['', `## ${title}`, '', ...lines];

const at = (instant: string | null): string =>
  instant === null ? 'the pack does not hold it' : formatInstant(instant);

/** Whoever reads on must know what it rests on. */
function trust({ verdict, missingSamples, report }: Postmortem): string[] {
  const { whole, findings, entries } = verdict;
  const gaps =
    missingSamples === 0
      ? []
      : [`The samples of ${many(missingSamples, 'verdict')} are not in the pack: numbers below do not count them.`];
  if (whole) return ['', `The pack is whole: ${entries} entries, audit head \`${report.auditHead}\`.`, ...gaps];
  return [
    '',
    `**The pack is not whole, and this page rests on its first ${entries} entries.** Find out why before you rely on it: \`holdpoint audit verify PACK\``,
    ...findings
      .slice(0, 5)
      .map(({ file, seq, problem }) => `- \`${file}\`${seq === null ? '' : ` entry ${seq}`} ${markdownText(problem)}`),
    ...gaps,
  ];
}

function summary({ report, plan, times, exposure }: Postmortem): string[] {
  const { flag, percent, reason, startedBy, startedAt, endedAt, outcome, rollback } = report;
  const most = Math.max(0, ...exposure.spans.map((span) => span.percent));
  return [
    `- **What:** ${markdownText(plan.description ?? plan.name)}; flag \`${flag.environment}/${flag.key}\`, rollout \`${report.rollout}\`, run \`${report.runId}\``,
    `- **Outcome:** ${outcome} at ${formatPercent(percent)}${reason === '' ? '' : `: ${markdownText(reason)}`}`,
    `- **When:** started by ${markdownText(startedBy)} ${at(startedAt)}, ${endedAt === null ? 'still open' : `ended ${formatInstant(endedAt)}`}; at most ${formatPercent(most)} of users had it`,
    ...(rollback === null
      ? ['- **Rollback:** there was none.']
      : [
          `- **Rollback:** asked for ${at(rollback.askedAt)} by ${markdownText(rollback.by)}, ${rollback.unwritten === null ? `proven ${at(rollback.provenAt)}` : `not written: ${markdownText(rollback.unwritten)}`}`,
          `- **From its beginning to the proof:** ${span(times?.beganAt ?? null, times?.provenAt ?? null)}`,
        ]),
    `- **In a sentence for people outside:** ${blank('what users noticed, why, and that it is over')}`,
  ];
}

const span = (from: string | null, to: string | null): string => {
  if (from === null || to === null) return 'the pack does not hold it';
  const ms = Date.parse(to) - Date.parse(from);
  return ms <= 0 ? 'at once' : formatDuration(ms);
};

/** Foreign text in a cell; the table itself sees to the bars. */
const safe = (text: string): string => markdownText(text).replaceAll('\\|', '|');

const many = (count: number, what: string): string => `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`;

const minutes = (value: number): string => `${Number(value < 1 ? value.toPrecision(2) : value.toFixed(1))} min`;

function impact({ exposure, harms }: Postmortem): string[] {
  const { spans, everybodyMinutes, whileFailing } = exposure;
  if (spans.length === 0) return ['Nobody had the flag: it was never above 0 %.'];
  const excess = harms.flatMap(({ title, excessEvents }) =>
    excessEvents === null ? [] : [`about ${formatCount(excessEvents)} (${markdownText(title)})`],
  );
  const users = blank('how many users 100 % stands for');
  return [
    ...markdownTable(
      ['Stage', 'Percent', 'From', 'To', 'Minutes', 'As minutes of everybody'],
      spans.map(({ stage, percent, from, to }) => [
        String(stage),
        formatPercent(percent),
        formatInstant(from),
        formatInstant(to),
        minutes(minutesBetween(from, to)),
        minutes((percent / 100) * minutesBetween(from, to)),
      ]),
    ),
    '',
    `- **Exposed:** ${minutes(everybodyMinutes)} of everybody, of which ${minutes(whileFailing)} while a check failed. The pack does not hold how many users that is: ${users} × ${minutes(whileFailing)} = ${blank('user minutes')}`,
    `- **Errors beyond the limits:** ${excess.length === 0 ? 'no check that failed counts events' : excess.join(', ')}`,
    ...harmLines(harms),
    `- **What users noticed:** ${blank('tickets, complaints, lost work')}`,
  ];
}

function harmLines(harms: readonly Harm[]): string[] {
  if (harms.length === 0) return ['', 'No check failed in any window that the pack holds.', ''];
  return [
    '',
    ...markdownTable(
      ['Check', 'Severity', 'Failing windows', 'From', 'To', 'Worst', 'Limit', 'Errors beyond it'],
      harms.map((harm) => [
        safe(harm.title),
        harm.severity,
        String(harm.windows),
        formatInstant(harm.from),
        formatInstant(harm.to),
        harm.worst,
        harm.limit,
        harm.excessEvents === null ? 'not counted by this check' : formatCount(harm.excessEvents),
      ]),
    ),
    '',
  ];
}

function response({ times, report }: Postmortem): string[] {
  if (times === null || report.rollback === null) return ['There was no rollback, so there is no response to measure.'];
  const { beganAt, check, noticedAt, noticedBy, askedAt, writtenAt, provenAt } = times;
  const { objectiveMs, objectiveMet } = report.rollback;
  const objective = objectiveMet === null ? 'not proven' : objectiveMet ? 'met' : 'missed';
  return [
    ...markdownTable(
      ['What', 'When', 'After the one before'],
      [
        [`It began${check === null ? '' : ` (first failing window of ${check})`}`, at(beganAt), ''],
        [
          `It was noticed${noticedBy === null ? '' : `, by ${safe(noticedBy)}`}`,
          at(noticedAt),
          span(beganAt, noticedAt),
        ],
        ['The rollback was asked for', at(askedAt), span(noticedAt, askedAt)],
        ['The safe state was written', at(writtenAt), span(askedAt, writtenAt)],
        ['It was proven by reading back', at(provenAt), span(writtenAt, provenAt)],
      ],
    ),
    '',
    `- **Time to detect:** ${span(beganAt, noticedAt)}`,
    `- **Time to respond** (noticed → proven): ${span(noticedAt, provenAt)}`,
    `- **Objective of the rollback** (${formatDuration(objectiveMs)}): ${objective}`,
    ...(beganAt === null
      ? ['- No failing window before it is in the pack: when it began has to come from elsewhere.']
      : ['- A window says that it failed, not when in it: it may have begun a little later.']),
    `- **First sign outside Holdpoint:** ${blank('alert, ticket or call, with its time')}`,
  ];
}

const timeline = ({ report }: Postmortem): string[] => [
  ...markdownTable(
    ['When', 'What'],
    report.timeline.map((line) => [formatInstant(line.at), safe(line.sentence)]),
  ),
  '',
  blank('what happened outside the rollout, with its time'),
];

function decisions({ report }: Postmortem): string[] {
  if (report.decisions.length === 0) return ['Nobody was asked, or nobody answered.'];
  return markdownTable(
    ['When', 'Stage', 'Who', 'As', 'Decision', 'What the evidence said', 'Evidence', 'Reason'],
    report.decisions.map((one) => [
      formatInstant(one.at),
      String(one.stage),
      safe(one.by),
      safe(one.role),
      one.decision,
      safe(one.headline ?? 'its verdict is not in the pack'),
      one.evidenceDigest.replace('sha256:', '').slice(0, 12),
      safe(one.reason ?? 'none given'),
    ]),
  );
}

function factors({ harms, circumstances }: Postmortem): string[] {
  const failed = harms.map(
    ({ title, worst, limit, windows }) =>
      `- ${markdownText(title)} failed in ${many(windows, 'window')}: ${worst} at worst, limit ${limit}.`,
  );
  const said = circumstances.map(({ at: when, sentence, times, until }) => {
    const often = times === 1 ? '' : ` (${times} times, until ${formatInstant(until)})`;
    return `- ${formatInstant(when)}: ${markdownText(sentence)}${often}`;
  });
  return [
    'What the pack holds besides the timeline; it says what was so, not that it mattered.',
    '',
    ...(failed.length + said.length === 0
      ? ['- Nothing: no check failed, and nothing else was noted.']
      : [...failed, ...said]),
    '',
    `- **What in the change:** ${blank('what was different for users with the flag')}`,
    `- **What made it possible:** ${blank('what let it through: test, review, load, data, dependency')}`,
    `- **What made it worse, or longer:** ${blank('what hid it, or slowed the response')}`,
  ];
}

function actions({ report }: Postmortem): string[] {
  const head = ['What', 'Owner', 'Due', 'Ticket'];
  const empty = [blank('action'), blank('owner'), blank('date'), blank('ticket')];
  const { rollback } = report;
  const done =
    rollback === null || rollback.provenAt === null
      ? []
      : [
          [
            `Flag taken back to ${formatPercent(report.percent)}: done`,
            rollback.by,
            formatInstant(rollback.provenAt),
            '–',
          ],
        ];
  return [
    '### Immediate',
    '',
    ...markdownTable(head, [...done, empty]),
    '',
    '### Short term',
    '',
    ...markdownTable(head, [empty]),
    '',
    '### Long term',
    '',
    ...markdownTable(head, [empty]),
  ];
}

const lessons = ({ report, times }: Postmortem): string[] => [
  `- **What went well:** ${blank('what helped')}`,
  ...(report.rollback?.objectiveMet === true
    ? [
        `  - From the pack: the rollback was proven ${span(times?.askedAt ?? null, times?.provenAt ?? null)} after it was asked for.`,
      ]
    : []),
  `- **Where we were lucky:** ${blank('what could have been worse')}`,
  `- **What went badly:** ${blank('what hindered')}`,
  ...(report.rollback?.objectiveMet === false ? ['  - From the pack: the rollback missed its objective.'] : []),
];

function signOff({ roles, plan }: Postmortem): string[] {
  const all = [...new Set([...roles, ...(plan.owner === null ? [] : [plan.owner])])];
  return markdownTable(
    ['As', 'Name', 'Date'],
    (all.length === 0 ? [blank('role')] : all).map((role) => [role, blank('name'), blank('date')]),
  );
}
