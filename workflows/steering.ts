/** Pause, resume, extend, skip a hold, retry a gate: people changing when things happen, never what a move up needs. */
import { formatDuration, parseDuration } from '../src/core/duration.js';
import { formatClock, iso } from '../src/core/instant.js';
import { formatPercent } from '../src/core/number-text.js';
import { readName, readText } from '../src/core/person.js';
import type { MessageAnswer } from '../src/core/rollout-shapes.js';
import { accept, noMoveBecause, refuse, type Message } from './answering.js';
import { gateOf, type Run } from './run.js';
import { planDeadlineMs } from './situation.js';
import { tell } from './tell.js';
import { decisionDeadlineMs } from './view.js';

const senderOf = ({ members }: Message) => ({
  by: readName(members['by']) ?? 'somebody',
  reason: readText(members['reason']) ?? 'no reason given',
});

export function pause(run: Run, message: Message): MessageAnswer {
  const { by, reason } = senderOf(message);
  const ending = noMoveBecause(run);
  if (ending !== null) return refuse(run, message, ending);
  if (run.pause !== null) return refuse(run, message, `Already paused by ${run.pause.by}: ${run.pause.reason}`);
  run.pause = { by, reason, atMs: Date.now() };
  const answer = 'Paused: the percentage will not rise. Hold clock, watch and deadline go on.';
  return accept(run, message, { by, reason, answer });
}

/** Ends a pause; and where somebody changed the flag, has it written back to the percent that was earned already. */
export function resume(run: Run, message: Message): MessageAnswer {
  const { by, reason } = senderOf(message);
  const ending = noMoveBecause(run);
  if (ending !== null) return refuse(run, message, ending);
  if (run.pause === null && run.drift === null) return refuse(run, message, 'The rollout is not paused.');
  if (run.pause !== null) {
    run.gate.pausedMs += Date.now() - Math.max(run.pause.atMs, run.gate.askedAtMs ?? run.pause.atMs);
    if (run.gate.deadlineHit) restartDecision(run);
    run.pause = null;
  }
  if (run.drift !== null) run.reassert = { by };
  const answer =
    run.drift === null ? 'Resumed.' : `Resumed: writing the flag back to ${formatPercent(run.intended)} first.`;
  tell(run, 'resumed', { what: `${by} ended the pause.`, why: reason });
  return accept(run, message, { by, reason, answer });
}

/** After a missed deadline people are asked anew: the clock starts again. */
function restartDecision(run: Run): void {
  run.gate.deadlineHit = false;
  run.gate.askedAtMs = Date.now();
  run.gate.remindedAtMs = Date.now();
  run.gate.pausedMs = 0;
  run.gate.extendedMs = 0;
}

const extendable = ['hold', 'decision', 'plan'] as const;
type Extendable = (typeof extendable)[number];

const monthMs = 31 * 24 * 60 * 60 * 1_000;

export function extend(run: Run, message: Message): MessageAnswer {
  const { by, reason } = senderOf(message);
  const ending = noMoveBecause(run);
  if (ending !== null) return refuse(run, message, ending);
  const forMs = parseDuration(readText(message.members['for']) ?? '') ?? 0;
  if (forMs <= 0 || forMs > monthMs)
    return refuse(run, message, 'Extend needs "for", a duration such as 30m or 2h, at most 31d.');
  const { of } = message.members;
  const what = of === undefined || of === null ? waitedFor(run) : extendable.find((one) => one === of);
  if (what === undefined) return refuse(run, message, 'Only hold, decision or plan can be extended.');
  const extended = what === null ? 'Nothing is waited for that could be extended.' : extendOne(run, what, forMs);
  if (typeof extended === 'string') return refuse(run, message, extended);
  const until = iso(extended.untilMs);
  const answer = `The ${extended.name} is ${formatDuration(forMs)} longer: until ${formatClock(until, Date.now())}.`;
  return accept(run, message, { by, reason, of: what, forMs, until, answer });
}

/** What the rollout waits for now. */
function waitedFor(run: Run): Extendable | null {
  if (run.claim !== 'held') return null;
  if (run.planDeadlineHit !== 'no') return 'plan';
  if (Date.now() < run.holdEndsAtMs) return 'hold';
  return gateOf(run).decision === null ? null : 'decision';
}

interface Extended {
  readonly name: string;
  readonly untilMs: number;
}

/** What now ends when; or why it cannot be extended. */
function extendOne(run: Run, what: Extendable, forMs: number): Extended | string {
  switch (what) {
    case 'hold':
      if (run.stage === 0 || Date.now() >= run.holdEndsAtMs)
        return 'No hold is running. At a hold point, extend the decision.';
      run.holdEndsAtMs += forMs;
      return { name: `hold at ${formatPercent(run.intended)}`, untilMs: run.holdEndsAtMs };
    case 'decision':
      return extendDecision(run, forMs);
    case 'plan':
      if (run.claim !== 'held') return "The rollout has not begun; its plan's deadline counts from the claim.";
      run.planExtendedMs += forMs;
      // Counted from now when it has passed already: what was granted is granted.
      if (planDeadlineMs(run) < Date.now() + forMs) run.planExtendedMs += Date.now() + forMs - planDeadlineMs(run);
      run.planDeadlineHit = 'no';
      return { name: "plan's deadline", untilMs: planDeadlineMs(run) };
  }
}

function extendDecision(run: Run, forMs: number): Extended | string {
  const deadlineMs = decisionDeadlineMs(run);
  if (deadlineMs === null) return 'Nobody is asked yet, so no deadline for a decision runs.';
  // A deadline that has passed is granted anew from now on.
  run.gate.extendedMs += forMs + Math.max(0, Date.now() - deadlineMs);
  run.gate.deadlineHit = false;
  return { name: 'deadline for the decision', untilMs: decisionDeadlineMs(run) ?? deadlineMs };
}

/** The hold ends now. Its gate is judged, and its people are asked, all the same. */
export function skipHold(run: Run, message: Message): MessageAnswer {
  const { by, reason } = senderOf(message);
  const ending = noMoveBecause(run);
  if (ending !== null) return refuse(run, message, ending);
  if (run.claim !== 'held' || run.stage === 0 || Date.now() >= run.holdEndsAtMs)
    return refuse(run, message, 'No hold is running that could be skipped.');
  const wasUntil = iso(run.holdEndsAtMs);
  run.holdEndsAtMs = Date.now();
  return accept(run, message, {
    by,
    reason,
    wasUntil,
    answer: `The hold at ${formatPercent(run.intended)} is over. Its gate is judged and its people are asked all the same.`,
  });
}

/** Looks now instead of at the next look; every smoke suite of the gate is run again. */
export function retryGate(run: Run, message: Message): MessageAnswer {
  const { by, reason } = senderOf(message);
  const ending = noMoveBecause(run);
  if (ending !== null) return refuse(run, message, ending);
  if (run.claim !== 'held' || Date.now() < run.holdEndsAtMs) {
    const until = run.claim === 'held' ? `; it holds until ${formatClock(run.holdEndsAtMs, Date.now())}` : '';
    return refuse(run, message, `The gate of stage ${run.stage} is not open yet${until}.`);
  }
  run.gate.smokeRun = false;
  run.lookAsked = true;
  return accept(run, message, { by, reason, answer: 'Looking again now, smoke suites included.' });
}
