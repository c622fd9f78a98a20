/** The whole rollout, top to bottom. */
import { allHandlersFinished, CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';
import type { Move } from '../src/core/move.js';
import type { RolloutInput, RolloutResult } from '../src/core/rollout-shapes.js';
import { claimFlag } from './claim.js';
import { closeRecords, exportStage, seal } from './close.js';
import type { Ending } from './ending.js';
import { registerHandlers } from './handlers.js';
import { rootMessage } from './look.js';
import { present } from './present.js';
import { askRollback, owesRollback, rollBack } from './rollback.js';
import { isClosing, openRun, record, type Run } from './run.js';
import { holdStage, runStage } from './stage.js';
import { tell } from './tell.js';

export async function rollout(input: RolloutInput): Promise<RolloutResult> {
  const run = openRun(input);
  registerHandlers(run);
  record(run, 'started', {
    rollout: run.workflowId,
    runId: run.runId,
    plan: run.plan.name,
    planDigest: run.plan.digest,
    by: run.startedBy,
  });
  present(run);
  heedCancellation(run);
  let ending = await tellStory(run);
  for (;;) {
    if (ending.kind === 'roll-back' && run.answer === null) ending = await rollBack(run);
    const result = seal(run, ending);
    await closeRecords(run, result);
    await CancellationScope.nonCancellable(() => condition(() => allHandlersFinished() || owesRollback(run)));
    // The last statement before the return, with no await between: a rollback that came while closing still wins.
    if (run.rollback === null || !owesRollback(run)) return result;
    run.outcome = null;
    ending = { kind: 'roll-back', reason: run.rollback.reason };
  }
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
    return { kind: 'roll-back', reason: run.rollback?.reason ?? 'cancelled' };
  }
}

async function story(run: Run): Promise<Ending> {
  await waitForStart(run);
  const refusal = await claimFlag(run);
  if (refusal !== null) return { kind: 'refused', reason: refusal };
  tell(run, 'started', { what: `${run.plan.name} has begun at 0 %.`, why: `Started by ${run.startedBy}.` });
  run.startedAtMs = Date.now();
  run.holdEndsAtMs = run.startedAtMs;
  run.nextLookAtMs = run.startedAtMs;
  if (run.plan.preflight !== null) {
    const move = await holdStage(run);
    if (move.kind !== 'advance') return endingOf(move);
  }
  for (let stage = 1; stage <= run.plan.stages.length; stage += 1) {
    const move = await runStage(run, stage);
    if (move.kind !== 'advance') return endingOf(move);
    exportStage(run);
  }
  return { kind: 'completed', reason: run.move.sentence };
}

async function waitForStart(run: Run): Promise<void> {
  if (run.plan.startAt === null) return;
  const ms = Date.parse(run.plan.startAt) - Date.now();
  run.move = {
    kind: 'wait',
    row: 'hold',
    sentence: `Starts at ${run.plan.startAt}.`,
    atMs: Date.parse(run.plan.startAt),
  };
  present(run);
  if (ms > 0) await sleep(ms, { summary: `waiting for the start at ${run.plan.startAt}` });
}

/** A move that ends a stage, as the end of the story. */
function endingOf(move: Move): Ending {
  if (move.kind === 'complete') return { kind: 'completed', reason: move.sentence };
  if (move.kind === 'halt') return { kind: 'superseded', reason: move.sentence };
  return { kind: 'roll-back', reason: move.sentence };
}
