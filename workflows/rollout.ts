/** The whole rollout, top to bottom. */
import { allHandlersFinished, CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { Move } from '../src/core/move.js';
import type { RolloutResult } from '../src/core/rollout-shapes.js';
import { attendAfterwards } from './afterwards.js';
import { claimFlag } from './claim.js';
import { closeRecords, exportStage, seal } from './close.js';
import { goOnInNewRun, historyIsLong, whenMayBeLong } from './carrying.js';
import type { ClosingEnding, Ending } from './ending.js';
import { registerHandlers } from './handlers.js';
import { nextDueMs, tellLate } from './lateness.js';
import { rootMessage } from './root-message.js';
import { present } from './present.js';
import { askRollback, owesRollback, rollBack } from './rollback.js';
import { record } from './recording.js';
import { isClosing, openRun, type Run, type RunInput } from './run.js';
import { holdStage, runStage, type StageEnd } from './stage.js';
import { tell, tellAgain } from './tell.js';

export async function rollout(input: RunInput): Promise<RolloutResult> {
  const run = openRun(input);
  // First of all: messages that wait already are taken when the handlers are registered.
  if (input.carried === undefined) recordStart(run);
  registerHandlers(run);
  if (input.carried !== undefined) tellAgain(run);
  present(run);
  heedCancellation(run);
  let ending = await tellStory(run);
  for (;;) {
    if (ending.kind === 'to-be-continued') {
      await goOnInNewRun(run);
      ending = rollbackEnding(run);
    }
    if (ending.kind === 'roll-back' && run.answer === null) ending = await rollBack(run);
    const result = seal(run, ending);
    await closeRecords(run, result);
    await CancellationScope.nonCancellable(() => condition(() => allHandlersFinished() || owesRollback(run)));
    // The last statement before the return, with no await between: a rollback that came while closing still wins.
    if (!owesRollback(run)) return result;
    run.outcome = null;
    ending = rollbackEnding(run);
  }
}

const rollbackEnding = (run: Run): ClosingEnding => ({
  kind: 'roll-back',
  reason: run.rollback?.reason ?? 'cancelled',
});

function recordStart(run: Run): void {
  record(run, 'started', {
    rollout: run.workflowId,
    runId: run.runId,
    plan: run.plan.name,
    planDigest: run.plan.digest,
    by: run.startedBy,
  });
}

/** Temporal's own cancellation is a rollback like any other, in every state. */
function heedCancellation(run: Run): void {
  CancellationScope.current().cancelRequested.catch(() => {
    record(run, 'message', { message: 'cancel', by: 'temporal', late: isClosing(run) });
    askRollback(run, { by: 'temporal', reason: 'the workflow was cancelled', asked: 'person' });
  });
}

/** Whatever goes wrong in the story, the flag does not stay up: a bug is a rollback, too. */
async function tellStory(run: Run): Promise<Ending> {
  try {
    return await run.scope.run(() => story(run));
  } catch (error) {
    if (!isCancellation(error)) {
      record(run, 'trouble', { what: 'the rollout failed unexpectedly', detail: rootMessage(error) });
      askRollback(run, { by: 'holdpoint', reason: `unexpected: ${rootMessage(error)}`, asked: 'automatic' });
    }
    return rollbackEnding(run);
  }
}

async function story(run: Run): Promise<Ending> {
  if (run.afterSinceMs !== null) return attendAfterwards(run);
  if (run.claim === 'none') {
    if ((await waitForStart(run)) === 'long-history') return { kind: 'to-be-continued' };
    const refusal = await claimFlag(run);
    if (refusal !== null) return { kind: 'refused', reason: refusal };
    begin(run);
    if (run.plan.preflight === null) return climb(run, await runStage(run, 1));
  }
  return climb(run, await holdStage(run));
}

function begin(run: Run): void {
  tell(run, 'started', { what: `${run.plan.name} has begun at 0 %.`, why: `Started by ${run.startedBy}.` });
  run.startedAtMs = Date.now();
  run.holdEndsAtMs = run.startedAtMs;
  run.nextLookAtMs = run.startedAtMs;
}

/** From stage to stage, for as long as each ends with a move up. */
async function climb(run: Run, first: StageEnd): Promise<Ending> {
  let end = first;
  while (end !== 'long-history' && end.kind === 'advance') {
    if (run.stage > 0) exportStage(run);
    end = await runStage(run, run.stage + 1);
  }
  if (end === 'long-history') return { kind: 'to-be-continued' };
  return end.kind === 'complete' && run.plan.after.length > 0 ? attendAfterwards(run) : endingOf(end);
}

/** Preflight items can be attested meanwhile, and those that are late are told. */
async function waitForStart(run: Run): Promise<'begin' | 'long-history'> {
  const { startAt } = run.plan;
  if (startAt === null) return 'begin';
  const startMs = Date.parse(startAt);
  run.move = { kind: 'wait', row: 'hold', sentence: `Starts at ${startAt}.`, atMs: startMs };
  present(run);
  while (Date.now() < startMs) {
    tellLate(run);
    const seen = run.news;
    const mayBeLong = whenMayBeLong(run);
    const ms = Math.max(1, Math.min(startMs, nextDueMs(run) ?? startMs) - Date.now());
    await condition(() => run.news !== seen || mayBeLong(), ms, {
      summary: `waiting for the start at ${startAt}`,
    });
    if (historyIsLong(run)) return 'long-history';
  }
  return 'begin';
}

/** A move that ends a stage, as the end of the story. */
function endingOf(move: Move): Ending {
  if (move.kind === 'complete') return { kind: 'completed', reason: move.sentence };
  if (move.kind === 'halt') return { kind: 'superseded', reason: move.sentence };
  return { kind: 'roll-back', reason: move.sentence };
}
