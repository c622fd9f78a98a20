/** A rollout handed to the next shift, as Markdown: where it stands, what it waits for, what was tried, what is due. */
import { formatInstant } from './instant.js';
import { markdownText } from './markdown-text.js';
import { formatPercent } from './number-text.js';
import type { Plan } from './plan.js';
import type { Report } from './report.js';
import type { RolloutStatus, WhyAnswer } from './rollout-shapes.js';

export interface Handoff {
  readonly report: Report;
  readonly plan: Plan;
  /** Null: it was made from a pack alone, which does not say how it stands now. */
  readonly now: { readonly status: RolloutStatus; readonly why: WhyAnswer; readonly at: string } | null;
}

const blank = (what: string): string => `_[to fill in: ${what}]_`;

export function renderHandoff({ report, plan, now }: Handoff): string {
  const { environment, key } = report.flag;
  const name = `${environment}/${key}`;
  return `${[
    `# Handover: ${markdownText(plan.name)}`,
    '',
    now === null
      ? '**Made from a pack: what is said here was so when the pack was written. Now may be different:** `holdpoint status`'
      : `As of ${formatInstant(now.at)}.`,
    ...section('Where it stands', now === null ? stoodAt(report) : standsAt(report, now.status)),
    ...(now === null ? [] : section('What it waits for, and who can change it', waitsFor(now.why))),
    ...(now === null ? [] : section('What is due', due(now, plan, report))),
    ...(now === null ? [] : section('What the numbers say', numbers(now.status))),
    ...section('What was done and tried (UTC)', tried(report)),
    ...section('What to know and what to do', [
      `- **What I would do next:** ${blank('in order')}`,
      `- **What worries me:** ${blank('what to watch, and what would make me take it back')}`,
      `- **Taken over by:** ${blank('name and time')}`,
    ]),
    ...section('Commands', [
      `- Take it back, now: \`holdpoint rollback ${name}\`; while Temporal is down: \`holdpoint rollback ${name} --break-glass\``,
      `- Look: \`holdpoint status ${name}\`, \`holdpoint why ${name}\`, \`holdpoint watch ${name}\``,
      `- Keep it where it is: \`holdpoint pause ${name} --reason "why"\``,
      `- Who to ask: ${plan.owner === null ? 'the plan names no owner' : markdownText(plan.owner)}`,
    ]),
  ].join('\n')}\n`;
}

const section = (title: string, lines: readonly string[]): string[] => ['', `## ${title}`, '', ...lines];

const stoodAt = (report: Report): string[] => [
  `- Flag \`${report.flag.environment}/${report.flag.key}\`: ${formatPercent(report.percent)}, ${report.outcome}${report.reason === '' ? '' : `: ${markdownText(report.reason)}`}`,
  `- Started by ${markdownText(report.startedBy)}${report.startedAt === null ? '' : ` ${formatInstant(report.startedAt)}`}; rollout \`${report.rollout}\`, run \`${report.runId}\``,
];

function standsAt(report: Report, { state, stage, stages, percent, since, next, startedBy }: RolloutStatus): string[] {
  const { intended, observed, observedAt } = percent;
  const differs = observed !== null && observed !== intended ? ' **These differ.**' : '';
  const seen = observedAt === null ? 'not read yet' : `${formatPercent(observed)} (${formatInstant(observedAt)})`;
  return [
    `- Flag \`${report.flag.environment}/${report.flag.key}\`: intended ${formatPercent(intended)}, observed ${seen}.${differs}`,
    `- **${state}** since ${formatInstant(since)}, stage ${stage} of ${stages}`,
    `- Next: ${markdownText(next.sentence)}`,
    `- Started by ${markdownText(startedBy)}; rollout \`${report.rollout}\`, run \`${report.runId}\``,
  ];
}

/** A title or a reason is no sentence yet. */
const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function waitsFor({ blockers }: WhyAnswer): string[] {
  if (blockers.length === 0) return ['Nothing stands in the way.'];
  return blockers.map(({ kind, sentence, until, who }) => {
    const till = until === null ? '' : ` Until ${formatInstant(until)}.`;
    const whom = who.length === 0 ? '' : ` Can change it: ${who.map(markdownText).join(', ')}.`;
    return `- ${kind}: ${ended(markdownText(sentence))}${till}${whom}`;
  });
}

function due({ status, at: now }: NonNullable<Handoff['now']>, plan: Plan, report: Report): string[] {
  const { holdEndsAt, next, asked, silent = [] } = status;
  const rows: (readonly [string | null, string])[] = [
    [next.at, 'it acts or looks next'],
    [holdEndsAt, 'the hold ends'],
    [asked?.until ?? null, 'the decision is wanted'],
    ...(asked?.checklist ?? []).map(
      ({ due: at, title, role }) => [at, `to attest: ${markdownText(title)} (${role})`] as const,
    ),
    [deadlineOf(plan, report), 'the deadline of the whole rollout, without extensions'],
  ];
  const dated = rows.flatMap(([at, what]) => (at === null ? [] : [{ at, what }]));
  const undated = rows.slice(3, -1).flatMap(([at, what]) => (at === null ? [`- without a time: ${what}`] : []));
  return [
    ...dated
      .toSorted((a, b) => a.at.localeCompare(b.at))
      .map(({ at, what }) => `- ${formatInstant(at)}: ${what}${Date.parse(at) <= Date.parse(now) ? ' (over)' : ''}`),
    ...undated,
    ...silent.map(({ sentence }) => `- ${markdownText(sentence)}`),
  ];
}

/** Counted from the claim. */
function deadlineOf({ deadlineMs }: Plan, { timeline }: Report): string | null {
  const claim = timeline.find(({ kind }) => kind === 'claim');
  return claim === undefined ? null : new Date(Date.parse(claim.at) + deadlineMs).toISOString();
}

function numbers({ verdict }: RolloutStatus): string[] {
  if (verdict === null) return ['There is no verdict yet.'];
  const { outcome, headline, at, evidenceDigest, findings } = verdict;
  return [
    `**${outcome}**, ${formatInstant(at)}, evidence ${evidenceDigest.replace('sha256:', '').slice(0, 12)}: ${markdownText(headline)}`,
    '',
    ...findings.map((one) => `- ${one.outcome} (${one.severity}): ${markdownText(one.sentence)}`),
  ];
}

const told = new Set([
  'message',
  'decision',
  'lapse',
  'refusal',
  'flip',
  'rollback',
  'breach',
  'drift',
  'trouble',
  'deadline',
]);
const shown = 25;

function tried({ timeline }: Report): string[] {
  const all = timeline.filter(({ kind }) => told.has(kind));
  const left = all.length - shown;
  return [
    ...(all.length === 0 ? ['Nothing yet.'] : []),
    ...(left > 0 ? [`- ${left} earlier entries: \`holdpoint report\``] : []),
    ...all.slice(-shown).map(({ at, sentence }) => `- ${formatInstant(at)}: ${markdownText(sentence)}`),
  ];
}
