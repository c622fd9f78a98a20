/** How many events a rollout is expected to leave in Temporal's history, which is not made for many thousands. */
import { formatCount } from '../core/number-text.js';
import type { Gate, Plan } from '../core/plan.js';
import type { Found } from './rules/rule.js';

/** A history is read whole after a restart, and a rollback waits for that. */
const mostADay = 4_000;
const dayMs = 86_400_000;

export interface EventEstimate {
  readonly total: number;
  readonly perDay: number;
  readonly looks: number;
}

/** What each thing leaves, workflow tasks included. Measured, not derived: a test compares the sum with real rollouts. */
const left = {
  rollout: 15,
  preflight: 8,
  stage: 18,
  look: 11,
  smoke: 5,
  asking: 4,
  answer: 6,
  announcement: 5,
} as const;

/** Without trouble, and with people answering at once. */
export function estimateEvents(plan: Plan): EventEstimate {
  const { stages, watch, preflight, channels } = plan;
  const looks = stages.reduce((sum, { holdMs }) => sum + Math.max(1, Math.floor(holdMs / watch.everyMs)), 0);
  const asked = [...(preflight === null ? [] : [preflight]), ...stages.map(({ gate }) => gate)];
  const announcements = channels.length * (2 + stages.length + asked.filter(isAsking).length);
  const total =
    left.rollout +
    (preflight === null ? 0 : left.preflight + left.smoke * preflight.smoke.length) +
    stages.reduce((sum, { gate }) => sum + left.stage + 2 * left.smoke * gate.smoke.length, 0) +
    left.look * looks +
    asked.reduce((sum, gate) => sum + answers(gate), 0) +
    left.announcement * announcements;
  const days = stages.reduce((sum, { holdMs }) => sum + holdMs, 0) / dayMs;
  return { total, perDay: Math.round(total / Math.max(1, days)), looks };
}

const isAsking = ({ checklist, decision }: Gate): boolean => checklist.length > 0 || decision !== null;

function answers(gate: Gate): number {
  const seats = (gate.decision?.approvers ?? []).reduce((sum, { count }) => sum + count, 0);
  return isAsking(gate) ? left.asking + left.answer * (seats + gate.checklist.length) : 0;
}

export function eventsFit(plan: Plan): Found[] {
  const { perDay, looks } = estimateEvents(plan);
  if (perDay <= mostADay) return [];
  return [
    {
      path: ['watch', 'every'],
      message: `${formatCount(looks)} looks would leave about ${formatCount(perDay)} history events a day, the most is ${formatCount(mostADay)}; look less often: the guard judges in between without leaving any`,
    },
  ];
}
