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

/** Without trouble, and with people answering at once. Measured, not derived: a test compares it with real rollouts. */
export function estimateEvents({ stages, watch, preflight, channels }: Plan): EventEstimate {
  const telling = Math.max(1, channels.length);
  const looks = stages.map(({ holdMs }) => Math.max(1, Math.floor(holdMs / watch.everyMs)));
  const lookEvents = looks.reduce((sum, count) => sum + count, 0) * 11;
  const stageEvents = stages.reduce((sum, { gate }) => sum + 24 + 6 * telling + gateEvents(gate), 0);
  const total = 40 + lookEvents + stageEvents + (preflight === null ? 0 : gateEvents(preflight));
  const lastsMs = stages.reduce((sum, { holdMs }) => sum + holdMs, 0);
  return {
    total,
    perDay: Math.round(total / Math.max(1, lastsMs / dayMs)),
    looks: looks.reduce((sum, count) => sum + count, 0),
  };
}

const gateEvents = ({ smoke, checklist, decision }: Gate): number =>
  8 * smoke.length +
  8 * checklist.length +
  8 * (decision?.approvers ?? []).reduce((sum, { count }) => sum + count, 0) +
  8;

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
