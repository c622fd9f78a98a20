/** The guard beside a stage: started with it, cancelled with it, believed only after its evidence is judged again. */
import { type CancellationScope, isCancellation } from '@temporalio/workflow';
import { iso } from '../src/core/instant.js';
import { nextMove } from '../src/core/move.js';
import { formatPercent } from '../src/core/number-text.js';
import type { Sample } from '../src/core/sample.js';
import type { GuardResult } from '../activities/facts.js';
import { guards } from './activity-proxies.js';
import { judgeEvidence, noteFlagRecord, rootMessage } from './look.js';
import { record, type Run } from './run.js';
import { situationOf } from './situation.js';

/** One guard activity lives at most this long; then a look starts the next. Bounds what a lost one can hold on to. */
const guardWindowMs = 24 * 60 * 60 * 1_000;

/** Starts the guard if none runs. The scope given ends it. */
export function startGuard(run: Run, scope: CancellationScope): void {
  if (
    run.guardRunning ||
    Date.now() < run.guardNotBeforeMs ||
    run.plan.watch.checks.length === 0 ||
    run.flippedAt === null
  )
    return;
  run.guardRunning = true;
  const { store, key } = run.plan.flag;
  const input = {
    flag: { store, key },
    plan: run.plan,
    fence: run.fence,
    revision: run.revision,
    percent: run.intended,
    flippedAt: run.flippedAt,
    windowMs: guardWindowMs,
  };
  const { stage } = run;
  const startedAtMs = Date.now();
  void scope
    .run(async () => {
      const result = await guards(guardWindowMs, `watching ${formatPercent(run.intended)} all the time`).guard(input);
      if (run.stage !== stage) return;
      // Until its window is over there is nothing to guard again, however early the activity said so.
      if (result.kind === 'window-ended') run.guardNotBeforeMs = startedAtMs + guardWindowMs;
      else noteGuard(run, result);
    })
    .catch((error: unknown) => {
      if (!isCancellation(error)) record(run, 'trouble', { what: 'the guard failed', detail: rootMessage(error) });
    })
    .finally(() => {
      if (run.stage === stage) run.guardRunning = false;
    });
}

function noteGuard(run: Run, result: Exclude<GuardResult, { kind: 'window-ended' }>): void {
  switch (result.kind) {
    case 'breach':
      noteBreach(run, 'guard', result.samples);
      break;
    case 'drift':
    case 'fence-lost':
      noteFlagRecord(run, result.flag, result.at);
      break;
  }
  interrupt(run);
}

/** What takes the flag back, or away from us, does not wait for the end of a look or a smoke run. */
export function interrupt(run: Run): void {
  run.news += 1;
  const { kind } = nextMove(situationOf(run));
  if (kind === 'roll-back' || kind === 'halt') run.step?.cancel();
}

/** Judges samples that show a breach from their own beginning, so that an auditor can do the same. */
export function noteBreach(run: Run, from: 'guard' | 'outside', samples: readonly Sample[]): boolean {
  const { breaches, verdict } = judgeEvidence(run, {
    at: samples.at(-1)?.at ?? iso(Date.now()),
    stage: run.stage,
    percent: run.intended,
    flippedAt: run.flippedAt,
    scope: 'watch',
    flag: null,
    samples,
    smoke: [],
    streaks: {},
  });
  record(run, 'breach', {
    from,
    stage: run.stage,
    confirmed: breaches.length > 0,
    evidenceDigest: verdict.evidenceDigest,
    samples,
  });
  return breaches.length > 0;
}
