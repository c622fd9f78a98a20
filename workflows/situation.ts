/** The run as `nextMove` looks at it. */
import { iso } from '../src/core/instant.js';
import type { DeadlineAction } from '../src/core/plan.js';
import type { Situation } from '../src/core/move.js';
import { gateOf, type Run } from './run.js';
import { nextDueMs } from './lateness.js';
import { decisionDeadlineMs, describeItem, missingItems, seats } from './view.js';

/** Evidence older than this does not move the flag up: four guard rounds, 10 s at least, a look at most. */
export function freshMs(run: Run): number {
  return Math.min(run.plan.watch.everyMs, Math.max(10_000, 4 * run.plan.watch.guardMs));
}

/** A flip may be tried for a minute before it lands, or is given up. */
const flipMs = 60_000;

/** ISO instant; null when the gate that is passed looked at nothing. */
export function evidenceGoodUntil(run: Run): string | null {
  const verdict = run.gate.verdicts.at(-1);
  return verdict === undefined ? null : iso(Date.parse(verdict.at) + freshMs(run) + flipMs);
}

export function situationOf(run: Run): Situation {
  const now = Date.now();
  const gate = now >= run.holdEndsAtMs ? (run.gate.verdicts.at(-1) ?? null) : null;
  return {
    nowMs: now,
    stage: run.stage,
    stages: run.plan.stages.length,
    percent: run.intended,
    nextPercent: run.plan.stages[run.stage]?.percent ?? null,
    policy: run.plan.policy,
    rollback: run.rollback,
    fence: run.fenceHolder,
    breach: run.breach,
    smokeRed: smokeRed(run),
    drift: run.drift,
    reassert: run.reassert,
    noGo: run.gate.decisions.find(({ decision }) => decision === 'no-go') ?? null,
    deadline: deadlinePassed(run, now),
    cannotTell: cannotTell(run),
    pause: run.pause,
    holdEndsAtMs: run.holdEndsAtMs,
    gate,
    gateStale: gate !== null && now - Date.parse(gate.at) > freshMs(run),
    nextLookAtMs: run.nextLookAtMs,
    missingItems: missingItems(run).map((item) => ({ title: describeItem(run, item) })),
    seats: seats(run),
  };
}

function smokeRed(run: Run): string | null {
  const red = gateOf(run)
    .smoke.map((suite) => run.smoke[suite])
    .find((outcome) => outcome?.outcome === 'failed');
  if (red === undefined) return null;
  const step = red.steps.find(({ outcome }) => outcome === 'failed');
  return `Smoke suite ${red.suite} is red: ${step === undefined ? (red.detail ?? 'no detail') : `${step.id}: ${step.detail ?? 'failed'}`}`;
}

function cannotTell(run: Run): Situation['cannotTell'] {
  const headline = run.verdict?.headline ?? '';
  if (run.unavailableSinceMs !== null) return { kind: 'unavailable', sinceMs: run.unavailableSinceMs, headline };
  if (run.inconclusiveSinceMs !== null) return { kind: 'inconclusive', sinceMs: run.inconclusiveSinceMs, headline };
  return null;
}

/** When silence has lasted so long that the plan's policy acts; null while everything can be told. */
function silenceEndsMs({ unavailableSinceMs, inconclusiveSinceMs, plan }: Run): number | null {
  if (unavailableSinceMs !== null) return unavailableSinceMs + plan.policy.onUnavailable.afterMs;
  if (inconclusiveSinceMs !== null) return inconclusiveSinceMs + plan.policy.onInconclusive.afterMs;
  return null;
}

/** Before the policy acts on silence, one look makes sure that it still lasts. */
export function silenceWantsLook(run: Run): boolean {
  const endsMs = silenceEndsMs(run);
  return endsMs !== null && Date.now() >= endsMs && run.lastLookAtMs < endsMs;
}

export const planDeadlineMs = (run: Run): number => run.startedAtMs + run.plan.deadlineMs + run.planExtendedMs;

/** A pause by deadline is entered once (`hitDeadlines`) and then is a pause like any other, which a person can end. */
function deadlinePassed(run: Run, now: number): Situation['deadline'] {
  const action = planAction(run, now);
  if (action !== null && !(action === 'pause' && run.planDeadlineHit !== 'no')) return { of: 'plan', action };
  const rule = gateOf(run).decision;
  const deadline = decisionDeadlineMs(run);
  const missing = seats(run).some(({ have, need }) => have < need) || missingItems(run).length > 0;
  if (rule === null || deadline === null || !missing || now < deadline) return null;
  return rule.onDeadline === 'pause' && run.gate.deadlineHit ? null : { of: 'decision', action: rule.onDeadline };
}

function planAction(run: Run, now: number): DeadlineAction | null {
  const { do: first, afterMs, then } = run.plan.policy.onDeadline;
  const deadline = planDeadlineMs(run);
  if (then !== null && afterMs !== null && now >= deadline + afterMs) return then;
  return now >= deadline ? first : null;
}

/** When something is due even if nobody says anything. */
export function nextWakeMs(run: Run): number {
  const now = Date.now();
  const rule = gateOf(run).decision;
  const asked = run.gate.askedAtMs;
  const { afterMs } = run.plan.policy.onDeadline;
  const times = [
    run.nextLookAtMs,
    run.holdEndsAtMs,
    planDeadlineMs(run),
    ...(afterMs === null ? [] : [planDeadlineMs(run) + afterMs]),
    ...(run.pause === null ? [decisionDeadlineMs(run)] : []),
    rule?.remindEveryMs != null && asked !== null ? run.gate.remindedAtMs + rule.remindEveryMs : null,
    silenceEndsMs(run),
    nextDueMs(run),
  ];
  return Math.min(...times.filter((time): time is number => time !== null && time > now));
}
