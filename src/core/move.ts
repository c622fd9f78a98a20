/** What the orchestrator does next, and the ordered table that decides it: first match wins. */
import type { SeatCount } from './decision.js';
import { formatDuration } from './duration.js';
import { formatClock } from './instant.js';
import { formatPercent } from './number-text.js';
import type { DeadlineAction, Policy } from './plan.js';
import type { Verdict } from './verdict.js';

export type MoveKind = 'wait' | 'ask' | 'pause' | 'advance' | 'roll-back' | 'halt' | 'complete';

/** In the order in which the table asks them. */
export const moveRows = [
  'rollback-asked',
  'fence-lost-to-break-glass',
  'fence-lost',
  'breach',
  'smoke',
  'drift',
  'no-go',
  'deadline',
  'cannot-tell',
  'paused',
  'hold',
  'gate',
  'people',
  'clear',
] as const;

export type MoveRow = (typeof moveRows)[number];

export interface Move {
  readonly kind: MoveKind;
  /** The row of the table that matched. */
  readonly row: MoveRow;
  readonly sentence: string;
  /** Epoch milliseconds of what happens next by itself, when there is such a thing. */
  readonly atMs?: number;
}

/** All that `nextMove` looks at. Instants are epoch milliseconds. */
export interface Situation {
  readonly nowMs: number;
  /** 0 is preflight. */
  readonly stage: number;
  readonly stages: number;
  readonly percent: number;
  readonly nextPercent: number | null;
  readonly policy: Policy;
  readonly rollback: { readonly by: string; readonly reason: string } | null;
  readonly fence: { readonly kind: 'ours' | 'break-glass' | 'another'; readonly owner: string };
  /** The sentence of a rollback-severity check that failed often enough. */
  readonly breach: string | null;
  /** The sentence of a red smoke suite. */
  readonly smokeRed: string | null;
  readonly drift: { readonly sentence: string; readonly above: boolean } | null;
  /** Who answered a drift with: write it back. */
  readonly reassert: { readonly by: string } | null;
  readonly noGo: { readonly by: string; readonly role: string; readonly reason: string | null } | null;
  /** A deadline that passed while what it waits for is still missing. */
  readonly deadline: { readonly of: 'decision' | 'plan'; readonly action: DeadlineAction } | null;
  readonly cannotTell: {
    readonly kind: 'inconclusive' | 'unavailable';
    readonly sinceMs: number;
    readonly headline: string;
  } | null;
  readonly pause: { readonly by: string; readonly reason: string } | null;
  readonly holdEndsAtMs: number;
  /** The verdict of this hold point; null until it was looked at. */
  readonly gate: Verdict | null;
  /** The gate's evidence is too old to advance on. */
  readonly gateStale: boolean;
  readonly nextLookAtMs: number;
  readonly missingItems: readonly { readonly title: string }[];
  /** Empty when no person is asked. */
  readonly seats: readonly SeatCount[];
}

type Row = (situation: Situation) => Move | null;

/** The policy document: docs quote this order, a test walks it. */
const table: readonly Row[] = [
  rollbackAsked,
  lostToBreakGlass,
  lostToAnother,
  breached,
  smokeFailed,
  drifted,
  saidNoGo,
  deadlinePassed,
  cannotTellForTooLong,
  paused,
  holding,
  gateNotPassed,
  peopleMissing,
];

export function nextMove(situation: Situation): Move {
  for (const row of table) {
    const move = row(situation);
    if (move !== null) return move;
  }
  return clear(situation);
}

function rollbackAsked({ rollback }: Situation): Move | null {
  if (rollback === null) return null;
  return {
    kind: 'roll-back',
    row: 'rollback-asked',
    sentence: `${rollback.by} asked for a rollback: ${rollback.reason}`,
  };
}

function lostToBreakGlass({ fence }: Situation): Move | null {
  if (fence.kind !== 'break-glass') return null;
  return {
    kind: 'roll-back',
    row: 'fence-lost-to-break-glass',
    sentence: `The flag was taken back by ${fence.owner}; proving that and closing.`,
  };
}

function lostToAnother({ fence }: Situation): Move | null {
  if (fence.kind !== 'another') return null;
  return {
    kind: 'halt',
    row: 'fence-lost',
    sentence: `${fence.owner} now owns the flag; this rollout writes nothing more.`,
  };
}

function breached({ breach }: Situation): Move | null {
  return breach === null ? null : { kind: 'roll-back', row: 'breach', sentence: breach };
}

function smokeFailed({ smokeRed, policy }: Situation): Move | null {
  if (smokeRed === null) return null;
  return { kind: policy.onSmokeFailure, row: 'smoke', sentence: smokeRed };
}

function drifted({ drift, reassert, policy, percent }: Situation): Move | null {
  if (drift === null) return null;
  if (reassert !== null) {
    const sentence = `${drift.sentence} Writing it back to ${formatPercent(percent)}, as ${reassert.by} says.`;
    return { kind: 'wait', row: 'drift', sentence };
  }
  if (policy.onDrift !== 'reassert') return { kind: policy.onDrift, row: 'drift', sentence: drift.sentence };
  // Never upwards: a flag somebody lowered stays low until a person says otherwise.
  return drift.above
    ? { kind: 'wait', row: 'drift', sentence: `${drift.sentence} Writing it back down.` }
    : { kind: 'pause', row: 'drift', sentence: drift.sentence };
}

function saidNoGo({ noGo, policy }: Situation): Move | null {
  if (noGo === null) return null;
  const why = noGo.reason === null ? '.' : `: ${noGo.reason}`;
  return { kind: policy.onNoGo, row: 'no-go', sentence: `${noGo.by} said no-go as ${noGo.role}${why}` };
}

function deadlinePassed({ deadline }: Situation): Move | null {
  if (deadline === null) return null;
  const what = deadline.of === 'plan' ? "The plan's deadline has passed." : 'The deadline for the decision has passed.';
  return { kind: deadline.action, row: 'deadline', sentence: what };
}

function cannotTellForTooLong({ cannotTell, policy, nowMs }: Situation): Move | null {
  if (cannotTell === null) return null;
  const rule = cannotTell.kind === 'unavailable' ? policy.onUnavailable : policy.onInconclusive;
  const lastedMs = nowMs - cannotTell.sinceMs;
  if (lastedMs < rule.afterMs) return null;
  return {
    kind: rule.do,
    row: 'cannot-tell',
    sentence: `Cannot tell for ${formatDuration(lastedMs)}: ${cannotTell.headline}`,
  };
}

function paused({ pause }: Situation): Move | null {
  return pause === null ? null : { kind: 'pause', row: 'paused', sentence: `Paused by ${pause.by}: ${pause.reason}` };
}

function holding({ nowMs, holdEndsAtMs, percent }: Situation): Move | null {
  if (nowMs >= holdEndsAtMs) return null;
  return {
    kind: 'wait',
    row: 'hold',
    sentence: `Holding at ${formatPercent(percent)} until ${formatClock(holdEndsAtMs, nowMs)}.`,
    atMs: holdEndsAtMs,
  };
}

function gateNotPassed(situation: Situation): Move | null {
  const { gate, gateStale, nextLookAtMs, nowMs } = situation;
  if (gate === null) return { kind: 'wait', row: 'gate', sentence: 'Judging the gate.', atMs: nowMs };
  if (gate.outcome === 'fail') {
    return { kind: 'ask', row: 'gate', sentence: `The gate does not pass: ${gate.headline}`, atMs: nextLookAtMs };
  }
  if (gate.outcome === 'inconclusive') {
    return {
      kind: 'wait',
      row: 'gate',
      sentence: `The gate cannot tell yet, looking again at ${formatClock(nextLookAtMs, nowMs)}: ${gate.headline}`,
      atMs: nextLookAtMs,
    };
  }
  return gateStale && noneMissing(situation)
    ? {
        kind: 'wait',
        row: 'gate',
        sentence: 'Everybody asked has answered; looking once more before moving.',
        atMs: nowMs,
      }
    : null;
}

const missingSeats = (seats: readonly SeatCount[]): readonly SeatCount[] =>
  seats.filter(({ have, need }) => have < need);

function noneMissing({ missingItems, seats }: Situation): boolean {
  return missingItems.length === 0 && missingSeats(seats).length === 0;
}

function peopleMissing({ missingItems, seats }: Situation): Move | null {
  const open = missingSeats(seats).map(({ role, need, have }) =>
    need - have === 1 ? role : `${need - have} × ${role}`,
  );
  const parts = [
    ...(open.length > 0 ? [`a go from ${open.join(', ')}`] : []),
    ...(missingItems.length > 0 ? [`the checklist: ${missingItems.map(({ title }) => title).join('; ')}`] : []),
  ];
  return parts.length === 0 ? null : { kind: 'ask', row: 'people', sentence: `Waiting for ${parts.join(' and ')}.` };
}

function clear({ stage, stages, nextPercent }: Situation): Move {
  return stage === stages
    ? { kind: 'complete', row: 'clear', sentence: 'The bake is over and everything passes.' }
    : { kind: 'advance', row: 'clear', sentence: `Everything passes; moving to ${formatPercent(nextPercent)}.` };
}
