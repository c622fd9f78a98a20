/** One stage, from its hold to its hold point: look, judge, ask, wait; the same loop serves preflight. */
import { CancellationScope, condition } from '@temporalio/workflow';
import { formatClock } from '../src/core/instant.js';
import { nextMove, type Move } from '../src/core/move.js';
import { formatPercent } from '../src/core/number-text.js';
import type { RolloutState } from '../src/core/rollout-shapes.js';
import { flip } from './flip.js';
import { startGuard } from './guarding.js';
import { look, runSmoke } from './look.js';
import { enterState } from './present.js';
import { freshGate, gateOf, record, stageOf, type Run } from './run.js';
import { nextWakeMs, situationOf } from './situation.js';
import { tell } from './tell.js';
import { decisionDeadlineMs, missingItems, seats } from './view.js';

/** Moves the flag to the stage's percent. Waits out what stands in the way; null when it is there. */
export async function enterStage(run: Run, stage: number): Promise<Move | null> {
  const percent = run.plan.stages[stage - 1]?.percent ?? 0;
  const from = run.stage;
  while (!(await flip(run, percent))) {
    const move = takeStock(run);
    if (endsStage(move) && move.kind !== 'advance' && move.kind !== 'complete') return move;
    await waitForNews(run);
    if (Date.now() >= run.nextLookAtMs) await look(run);
  }
  const now = Date.now();
  run.stage = stage;
  run.flippedAt = run.observed?.at ?? new Date(now).toISOString();
  run.holdEndsAtMs = now + (run.plan.stages[stage - 1]?.holdMs ?? 0);
  run.nextLookAtMs = now + run.plan.watch.everyMs;
  run.gate = freshGate();
  run.guardNotBeforeMs = 0;
  run.unavailableSinceMs = null;
  run.inconclusiveSinceMs = null;
  tell(run, 'moved', {
    what: `${run.plan.flag.key} is at ${formatPercent(percent)}, proven by reading it back.`,
    why: from === 0 ? 'Preflight is done.' : `Stage ${from} passed.`,
    next: `Hold point at ${formatClock(run.holdEndsAtMs, now)}.`,
  });
  return null;
}

const endsStage = ({ kind }: Move): boolean =>
  kind === 'advance' || kind === 'complete' || kind === 'roll-back' || kind === 'halt';

/** Holds until the stage may be left; answers with the move that ends it. */
export async function holdStage(run: Run): Promise<Move> {
  const guard = new CancellationScope();
  try {
    startGuard(run, guard);
    if (run.stage > 0) {
      present(run, takeStock(run));
      await runSmoke(run, gateOf(run).smoke);
    }
    for (;;) {
      if (lookIsDue(run)) await look(run);
      const move = takeStock(run);
      present(run, move);
      if (endsStage(move)) return move;
      if (move.row === 'drift' && move.kind === 'wait') await flip(run, run.intended);
      else if (!lookIsDue(run)) await waitForNews(run);
      startGuard(run, guard);
    }
  } finally {
    guard.cancel();
    run.guardRunning = false;
  }
}

/** A look is due on its grid, at the first moment of a hold point, and when everybody answered on old evidence. */
function lookIsDue(run: Run): boolean {
  const now = Date.now();
  if (now >= run.nextLookAtMs) return true;
  if (now < run.holdEndsAtMs) return false;
  return (
    run.gate.verdicts.length === 0 || (run.move.row === 'gate' && run.move.atMs !== undefined && run.move.atMs <= now)
  );
}

/** Decides, and records a move that differs from the last. */
function takeStock(run: Run): Move {
  hitDeadlines(run);
  const move = nextMove(situationOf(run));
  const changed = move.kind !== run.move.kind || move.row !== run.move.row;
  if (changed || endsStage(move))
    record(run, 'move', { stage: run.stage, move: move.kind, row: move.row, sentence: move.sentence });
  run.move = move;
  return move;
}

/** A deadline that pauses does so once; the pause is then a pause like any other, which a person can end. */
function hitDeadlines(run: Run): void {
  const { deadline } = situationOf(run);
  if (deadline === null) return;
  const first = deadline.of === 'plan' ? run.planDeadlineHit === 'no' : !run.gate.deadlineHit;
  if (!first) return;
  record(run, 'deadline', { of: deadline.of, stage: run.stage, action: deadline.action });
  const escalateTo = gateOf(run).decision?.escalateTo;
  tell(run, 'escalation', {
    what: `The ${deadline.of === 'plan' ? "plan's deadline" : 'deadline for the decision'} has passed.`,
    next: `The plan says: ${deadline.action}.`,
    who: escalateTo == null ? [] : [escalateTo],
  });
  if (deadline.of === 'plan') run.planDeadlineHit = 'do';
  else run.gate.deadlineHit = true;
  if (deadline.action === 'pause') {
    run.pause ??= { by: 'the plan', reason: `the deadline of the ${deadline.of} passed`, atMs: Date.now() };
  }
}

function present(run: Run, move: Move): void {
  if (move.kind === 'ask') noteAsked(run, move);
  const key = `${run.stage}/${move.kind}/${move.row}`;
  if (run.told !== key) {
    run.told = key;
    if (move.kind === 'ask') tellAsked(run, move);
    if (move.kind === 'pause')
      tell(run, 'paused', { what: `Paused at ${formatPercent(run.intended)}.`, who: ['on-call'] });
  }
  enterState(run, stateFor(run, move));
}

function stateFor(run: Run, move: Move): RolloutState {
  if (move.kind === 'pause') return 'paused';
  if (run.stage === 0) return move.kind === 'ask' ? 'asking' : 'preflight';
  return move.kind === 'ask' || run.gate.askedAtMs !== null ? 'asking' : 'holding';
}

/** The decision's clock starts when people are first asked at a hold point. */
function noteAsked(run: Run, move: Move): void {
  const now = Date.now();
  const rule = gateOf(run).decision;
  if (run.gate.askedAtMs === null && move.row !== 'cannot-tell' && now >= run.holdEndsAtMs) {
    run.gate.askedAtMs = now;
    run.gate.remindedAtMs = now;
  }
  if (rule?.remindEveryMs != null && run.gate.askedAtMs !== null && now >= run.gate.remindedAtMs + rule.remindEveryMs) {
    run.gate.remindedAtMs = now;
    tell(run, 'reminder', { what: move.sentence, who: rolesMissing(run) });
  }
}

const rolesMissing = (run: Run): string[] => [
  ...seats(run)
    .filter(({ have, need }) => have < need)
    .map(({ role }) => role),
  ...missingItems(run).map(({ role }) => role),
];

function tellAsked(run: Run, move: Move): void {
  const deadline = decisionDeadlineMs(run);
  tell(run, 'asked', {
    what: move.sentence,
    why: run.verdict?.headline ?? 'No evidence yet.',
    next: deadline === null ? 'Looking again meanwhile.' : `Wanted until ${formatClock(deadline, Date.now())}.`,
    who: move.row === 'people' ? rolesMissing(run) : ['on-call', ...rolesMissing(run)],
  });
}

/** Sleeps until a message, a guard result or the next thing that is due. */
async function waitForNews(run: Run): Promise<void> {
  const seen = run.news;
  const wakeMs = nextWakeMs(run);
  const stage = stageOf(run);
  const where = stage === undefined ? 'preflight' : `${formatPercent(stage.percent)}`;
  const summary = `${where}: ${run.move.sentence}`.slice(0, 180);
  await condition(() => run.news !== seen, Math.max(1, wakeMs - Date.now()), { summary });
}
