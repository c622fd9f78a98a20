/** A long history ends and the rollout goes on in a new one: everything it knows is carried over as one JSON object. */
import { allHandlersFinished, CancellationScope, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import { exportStage } from './close.js';
import { handOn, muchWasNoted } from './going-on.js';
import { canBeCarried } from './archiving.js';
import type { rollout } from './rollout.js';
import type { Carried, Run, RunInput } from './run.js';

/** The server says so when the history grows long; a rollback is never put off for it. */
export const historyIsLong = (run: Run): boolean =>
  workflowInfo().continueAsNewSuggested && run.rollback === null && run.outcome === null && canBeCarried(run);

/** What ends a wait for news besides them: the story then asks whether the history is long. */
export const whenMayBeLong = (run: Run): (() => boolean) => muchWasNoted(run, () => historyIsLong(run));

/** How long the guard's count, the archive and the announcements are waited for. What is late is sent again. */
const patienceMs = 10_000;

/** Comes to rest: a guard that was told to stop hands its count on, entries are archived, announcements leave. Interrupted by a rollback. */
export async function comeToRest(run: Run): Promise<void> {
  exportStage(run);
  await condition(() => run.guard === null && run.telling === 0, patienceMs, {
    summary: 'the history is long: going on in a new one',
  });
}

/** Ends this run of the workflow, unless a rollback was asked meanwhile: then it returns. */
export async function goOnInNewRun(run: Run): Promise<void> {
  await CancellationScope.nonCancellable(() => condition(() => allHandlersFinished() || run.rollback !== null));
  if (run.rollback !== null) return;
  // No await between the question for a rollback and this: nothing that was answered can be lost.
  await continueAsNew<typeof rollout>(carry(run));
}

function carry(run: Run): RunInput {
  const carried = handOn<Carried, Run>(run, {
    plan: true,
    startedBy: true,
    workflowId: true,
    runId: true,
    owner: true,
    pack: true,
    scope: true,
    step: true,
    guard: true,
    guardNotBeforeMs: true,
    telling: true,
    onlyEventsCount: true,
  });
  return { plan: run.plan, startedBy: run.startedBy, carried };
}
