/** What a plan means, for people: the day hour by hour, what each limit does, and what happens in trouble. */
import { shortDigest } from '../core/digest.js';
import { formatDuration } from '../core/duration.js';
import { formatCount } from '../core/number-text.js';
import type { Plan } from '../core/plan.js';
import { clockColumns, type ClockColumns } from './clock-columns.js';
import { estimateEvents } from './estimate-events.js';
import { explainChecks } from './explain-checks.js';
import { actions, planDay, type DayDetail, type PlanDay } from './plan-day.js';

export interface ExplainOptions {
  /** IANA name, such as `Europe/Berlin`; shown beside UTC. */
  readonly timeZone: string;
  /** ISO instant the rollout would be started; the plan's own `startAt` wins when it is later. */
  readonly startsAt: string;
}

/** @throws RangeError for a time zone or an instant that is none. */
export function explainPlan(plan: Plan, { timeZone, startsAt }: ExplainOptions): string {
  const startMs = Math.max(Date.parse(startsAt), plan.startAt === null ? 0 : Date.parse(plan.startAt));
  const day = planDay(plan, startMs);
  const clock = clockColumns(timeZone, [...day.entries.map(({ atMs }) => atMs), day.deadlineMs]);
  const parts = [
    introduce(plan),
    schedule(day, clock),
    limits(plan, day, clock),
    checks(plan),
    trouble(plan),
    size(plan),
  ];
  return parts.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

function introduce({ name, owner, description, flag, digest }: Plan): string[] {
  const others = Object.entries(flag.rollbackSet).map(([key, on]) => `, ${key} ${on ? 'on' : 'off'}`);
  return [
    `${name}${owner === null ? '' : ` (${owner})`}${description === null ? '' : `: ${description}`}`,
    `Flag ${flag.key} in ${flag.environment}, store ${flag.store}. A rollback sets 0 %${others.join('')}.`,
    `Plan digest ${shortDigest(digest)}.`,
  ];
}

function schedule({ entries, endMs }: PlanDay, clock: ClockColumns): string[] {
  const indent = ' '.repeat(clock.head.length);
  return [
    'THE DAY, if everybody answers at once',
    clock.head.trimEnd(),
    ...entries.flatMap(({ atMs, what, details }) => [
      `${clock.at(atMs)}${what}`,
      ...details.map((detail) => `${indent}  ${spell(detail, clock)}`),
    ]),
    `${clock.at(endMs)}Report and archive.`,
  ];
}

const spell = ({ text, untilMs, after = '' }: DayDetail, clock: ClockColumns): string =>
  untilMs === undefined ? text : `${text}${clock.within(untilMs)}${after}`;

function limits({ policy, deadlineMs }: Plan, day: PlanDay, clock: ClockColumns): string[] {
  const { do: first, afterMs, then } = policy.onDeadline;
  const later = then === null || afterMs === null ? '' : `; ${formatDuration(afterMs)} later ${actions[then]}`;
  return [
    `If every decision takes its whole time, it ends at ${clock.within(day.latestEndMs)}.`,
    `The deadline of the whole rollout is ${clock.within(day.deadlineMs)} (${formatDuration(deadlineMs)} after the start): then ${actions[first]}${later}.`,
  ];
}

function checks(plan: Plan): string[] {
  return ['CHECKS', ...explainChecks(plan).flatMap(({ name, lines }) => [name, ...lines.map((line) => `  ${line}`)])];
}

function trouble({ policy, watch, channels }: Plan): string[] {
  const { onInconclusive, onUnavailable } = policy;
  return [
    'IN TROUBLE',
    `An approver says no-go: ${actions[policy.onNoGo]}.`,
    `A smoke suite is red: ${actions[policy.onSmokeFailure]}.`,
    `A gate cannot tell for ${formatDuration(onInconclusive.afterMs)}: ${actions[onInconclusive.do]}.`,
    `The metrics source gives no answer for ${formatDuration(onUnavailable.afterMs)}: ${actions[onUnavailable.do]}.`,
    `The flag is not what was last proven (noticed within ${formatDuration(watch.checks.length === 0 ? watch.everyMs : watch.guardMs)}): ${actions[policy.onDrift]}.`,
    `A rollback shall be proven within ${formatDuration(policy.maxRollbackTimeMs)}. Told: ${channels.join(', ') || 'nobody, the plan names no channel'}.`,
  ];
}

function size(plan: Plan): string[] {
  const { total, looks } = estimateEvents(plan);
  return [`About ${formatCount(total)} history events, of ${formatCount(looks)} looks and what is between them.`];
}
