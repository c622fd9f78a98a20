/** A rollout's status on one screen: where it stands, why, what comes next, and who can change it. */
import { shortDigest } from '../../core/digest.js';
import type { Finding } from '../../core/finding.js';
import { formatPercent } from '../../core/number-text.js';
import { isClosedState, type RolloutStatus, type WhyAnswer } from '../../core/rollout-shapes.js';
import { renderColumns } from './columns.js';
import { paintOutcome, paintState, renderLeft, renderWhen } from './words.js';
import type { Paint } from '../terminal.js';

export interface StatusView {
  readonly status: RolloutStatus;
  readonly why: WhyAnswer;
  /** `<environment>/<flag key>`, as commands take it. */
  readonly name: string;
  readonly nowMs: number;
}

export function renderStatus(view: StatusView, paint: Paint): string {
  const { status, name, nowMs } = view;
  const rows = [
    ['Percent', percentText(view, paint)],
    ...unreadRows(view, paint),
    ['Since', renderWhen(status.since, nowMs)],
    ...verdictRows(view, paint),
    ...(isClosedState(status.state) ? [] : [['Next', nextText(view)]]),
    ...askedRows(view),
    ...whyRows(view),
    ...receiptRows(view),
    ...silentRows(view, paint),
    ...changeRows(view, paint),
  ];
  return [
    `${paint.bold(name)}  ${paintState(paint, status.state)}  ${stageText(status)}`,
    paint.dim(
      `${status.plan}, started by ${status.startedBy}, plan ${shortDigest(status.planDigest)}, fence ${status.fence}`,
    ),
    '',
    ...renderColumns(
      rows.map(([label = '', text = ''], row) => [paint.dim(label === rows[row - 1]?.[0] ? '' : label), text]),
    ),
  ].join('\n');
}

const stageText = ({ stage, stages }: RolloutStatus): string =>
  stages === 0
    ? 'a run of its own: no rollout was open'
    : stage === 0
      ? `before stage 1 of ${stages}`
      : `stage ${stage} of ${stages}`;

/** Side by side, because the difference is the news. */
function percentText({ status: { percent }, nowMs }: StatusView, paint: Paint): string {
  const { intended, observed, observedAt } = percent;
  const wanted = `intended ${formatPercent(intended)}`;
  if (observedAt === null) return `${wanted}   observed: not read yet`;
  const seen = `observed ${formatPercent(observed)}`;
  return `${wanted}   ${observed === intended ? seen : paint.red(seen)}  ${paint.dim(`(${renderWhen(observedAt, nowMs)})`)}`;
}

function unreadRows({ status: { percent }, nowMs }: StatusView, paint: Paint): string[][] {
  const { unread } = percent;
  if (unread === undefined) return [];
  return [['Unreadable', paint.red(`since ${renderWhen(unread.since, nowMs)}: ${unread.problem}`)]];
}

function verdictRows({ status: { verdict }, nowMs }: StatusView, paint: Paint): string[][] {
  if (verdict === null) return [['Verdict', 'none yet']];
  const { outcome, headline, evidenceDigest, at, findings } = verdict;
  return [
    ['Verdict', `${paintOutcome(paint, outcome)}  ${headline}`],
    ['', paint.dim(`evidence ${shortDigest(evidenceDigest)}, ${renderWhen(at, nowMs)}`)],
    ...renderColumns(
      distinct(findings).map((finding) => [
        paintOutcome(paint, finding.outcome),
        paint.dim(finding.severity),
        finding.sentence,
      ]),
    ).map((line) => ['', line]),
  ];
}

/** A check that says the same of its own window and of the stage so far says it once. */
const distinct = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(
    ({ check, sentence }, index) =>
      findings.findIndex((other) => other.check === check && other.sentence === sentence) === index,
  );

const nextText = ({ status: { next }, nowMs }: StatusView): string => `${next.sentence}${renderLeft(next.at, nowMs)}`;

function askedRows({ status: { asked }, nowMs }: StatusView): string[][] {
  if (asked === null) return [];
  const until = asked.until === null ? '' : ` until ${renderWhen(asked.until, nowMs)}`;
  return [
    ...asked.roles.map(({ role, have, need }) => ['Asked', `${role}: ${have} of ${need}${until}`]),
    ...asked.checklist.map(({ id, title, role, due }) => [
      'To attest',
      `${id}: ${title} (${role})${due === null ? '' : `, due ${renderWhen(due, nowMs)}`}`,
    ]),
    ...asked.probes.map(({ title, detail }) => ['Not so yet', `${title}: ${detail}`]),
    ...asked.decisions.map(({ by, role, decision, at }) => [
      'Decided',
      `${by} said ${decision} as ${role} (${renderWhen(at, nowMs)})`,
    ]),
  ];
}

/** People are in `Asked` already, and what is said in `Next` is not said again. */
function whyRows({ status, why, nowMs }: StatusView): string[][] {
  return why.blockers
    .filter(({ kind, sentence }) => kind !== 'decision' && kind !== 'checklist' && sentence !== status.next.sentence)
    .map(({ sentence, until }) => ['Waiting for', `${sentence}${renderLeft(until, nowMs)}`]);
}

function receiptRows({ status: { receipt } }: StatusView): string[][] {
  if (receipt === null) return [];
  return receipt.written
    ? [
        [
          'Receipt',
          `${receipt.state} at ${formatPercent(receipt.percent)}, fence ${receipt.fence}, asked by ${receipt.by}`,
        ],
      ]
    : [['Receipt', `nothing was written: ${receipt.reason}`]];
}

/** Nothing waits for them; who relies on them has to know. */
const silentRows = ({ status }: StatusView, paint: Paint): string[][] =>
  (status.silent ?? []).map(({ sentence }) => ['Not told', paint.yellow(sentence)]);

function changeRows({ status, why, name }: StatusView, paint: Paint): string[][] {
  if (isClosedState(status.state)) return [['Records', `holdpoint report ${name}`]];
  // Nothing else changes a rollback under way; asking once more waits for its receipt.
  if (status.state === 'rolling-back' || status.state === 'needs-a-human')
    return [
      ['Can change', `anyone: holdpoint rollback ${name}   waits for the receipt`],
      ['Can change', `anyone: holdpoint rollback ${name} --break-glass --reason "why"   writes without Temporal`],
    ];
  const open = (status.asked?.roles ?? []).filter(({ have, need }) => have < need);
  return [
    ...open.map(({ role }) => ['Can change', `${role}: holdpoint go ${name} --role ${role}   or no-go`]),
    ...(status.asked?.checklist ?? []).map(({ id, role }) => ['Can change', `${role}: holdpoint attest ${id} ${name}`]),
    // A drift or a no-go that holds it is in state paused, too, but no resume ends that.
    ...(why.blockers.some(({ kind }) => kind === 'pause')
      ? [['Can change', `anyone: holdpoint resume ${name} --reason "why"`]]
      : [['Can change', `anyone: holdpoint pause ${name} --reason "why"`]]),
    ['Can change', `anyone: ${paint.bold(`holdpoint rollback ${name}`)}`],
  ];
}
