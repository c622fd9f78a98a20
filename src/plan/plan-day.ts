/** The day a plan means, if everybody answers at once and nothing goes wrong. */
import { formatDuration } from '../core/duration.js';
import { formatCount, formatPercent } from '../core/number-text.js';
import type { ChecklistItem, DecisionRule, Gate, Plan } from '../core/plan.js';

export interface DayEntry {
  readonly atMs: number;
  readonly what: string;
  readonly details: readonly DayDetail[];
}

/** A detail names an instant by itself, so that whoever prints it chooses the clock. */
export interface DayDetail {
  readonly text: string;
  readonly untilMs?: number;
  readonly after?: string;
}

export interface PlanDay {
  readonly entries: readonly DayEntry[];
  readonly endMs: number;
  /** When every decision takes its whole time. */
  readonly latestEndMs: number;
  readonly deadlineMs: number;
}

export function planDay(plan: Plan, startMs: number): PlanDay {
  const { preflight, stages } = plan;
  const entries: DayEntry[] = [
    {
      atMs: startMs,
      what: 'Start: the flag is claimed at 0 %; from here on it can be rolled back.',
      details: [],
    },
  ];
  if (preflight !== null)
    entries.push({ atMs: startMs, what: 'Preflight at 0 %.', details: gateDetails(preflight, startMs) });
  let atMs = startMs;
  for (const [index, stage] of stages.entries()) {
    entries.push(flipEntry(plan, index, atMs));
    atMs += stage.holdMs;
    entries.push({ atMs, what: holdPoint(plan, index), details: gateDetails(stage.gate, atMs) });
  }
  if (plan.after.length > 0) {
    const endsAtMs = atMs;
    const details = plan.after.map((item) => itemDetail(item, endsAtMs));
    entries.push({ atMs, what: 'Afterwards; the flag stays where it is.', details });
  }
  const waitsMs = [preflight, ...stages.map(({ gate }) => gate)].map((gate) => gate?.decision?.deadlineMs ?? 0);
  return {
    entries,
    endMs: atMs,
    latestEndMs: atMs + waitsMs.reduce((sum, ms) => sum + ms, 0),
    deadlineMs: startMs + plan.deadlineMs,
  };
}

function flipEntry({ stages, watch }: Plan, index: number, atMs: number): DayEntry {
  const stage = stages[index];
  const holdMs = stage?.holdMs ?? 0;
  const looks = Math.floor(holdMs / watch.everyMs);
  const smoke = stage?.gate.smoke ?? [];
  const looking = looks === 0 ? 'no look before its end' : `${formatCount(looks)} ${looks === 1 ? 'look' : 'looks'}`;
  return {
    atMs,
    what: `Flip to ${formatPercent(stage?.percent ?? null)}, read back; then hold ${formatDuration(holdMs)}: ${looking}.`,
    details: smoke.length === 0 ? [] : [{ text: `Smoke at once: ${smoke.join(', ')}.` }],
  };
}

function holdPoint({ stages }: Plan, index: number): string {
  const percent = formatPercent(stages[index]?.percent ?? null);
  return index === stages.length - 1
    ? `End of the bake at ${percent}; complete once the gate passes.`
    : `Hold point at ${percent}.`;
}

function gateDetails({ checks, smoke, checklist, decision }: Gate, atMs: number): DayDetail[] {
  return [
    ...(checks.length === 0 ? [] : [{ text: `Checks: ${checks.join(', ')}.` }]),
    ...(smoke.length === 0 ? [] : [{ text: `Smoke: ${smoke.join(', ')}.` }]),
    ...checklist.map((item) => itemDetail(item, atMs)),
    ...(decision === null ? [] : decisionDetails(decision, atMs)),
    ...(decision === null && checklist.length === 0 ? [{ text: 'Nobody is asked.' }] : []),
  ];
}

function itemDetail({ title, role, probe, dueMs }: ChecklistItem, opensAtMs: number): DayDetail {
  const who = probe === null ? `${role} attests` : `probe ${probe}`;
  const text = `Checklist: ${title} (${who}`;
  return dueMs === null ? { text: `${text}).` } : { text: `${text}, due `, untilMs: opensAtMs + dueMs, after: ').' };
}

function decisionDetails(decision: DecisionRule, atMs: number): DayDetail[] {
  const seats = decision.approvers.map(({ role, count }) => (count === 1 ? role : `${count} × ${role}`));
  const reminded = decision.remindEveryMs === null ? '' : `, reminded every ${formatDuration(decision.remindEveryMs)}`;
  const told = decision.escalateTo === null ? '' : ` and ${decision.escalateTo} is told`;
  return [
    {
      text: `Asked: a go from ${seats.join(', ')}${reminded}, until `,
      untilMs: atMs + decision.deadlineMs,
      after: `; after that: ${actions[decision.onDeadline]}${told}.`,
    },
    ...(decision.notStarter ? [{ text: 'Whoever starts the rollout may not give that go.' }] : []),
  ];
}

export const actions = {
  ask: 'it keeps asking',
  pause: 'it pauses',
  'roll-back': 'it rolls back',
  reassert: 'it writes the flag back, never upwards',
} as const;
