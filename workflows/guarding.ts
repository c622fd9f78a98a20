/** The guard beside a stage: started with it, cancelled with it, believed only after its evidence is judged again. */
import { type CancellationScope, isCancellation } from '@temporalio/workflow';
import type { Evidence } from '../src/core/evidence.js';
import { iso } from '../src/core/instant.js';
import { nextMove } from '../src/core/move.js';
import { formatPercent } from '../src/core/number-text.js';
import type { Sample } from '../src/core/sample.js';
import type { GuardInput, GuardResult } from '../activities/facts.js';
import { guards } from './activity-proxies.js';
import { judgeEvidence, noteFlagRecord } from './look.js';
import { rootMessage } from './root-message.js';
import { record } from './recording.js';
import type { Run } from './run.js';
import { situationOf } from './situation.js';

/** One guard activity lives at most this long; then a look starts the next. Bounds what a lost one can hold on to. */
const guardWindowMs = 24 * 60 * 60 * 1_000;

/** Starts the guard if none runs. The scope given ends it. */
export function startGuard(run: Run, scope: CancellationScope): void {
  const none = run.plan.watch.checks.length === 0 || run.flippedAt === null;
  if (none || run.guard !== null || Date.now() < run.guardNotBeforeMs) return;
  run.guardsStarted += 1;
  const guard = run.guardsStarted;
  run.guard = guard;
  const startedAtMs = Date.now();
  void scope
    .run(async () => {
      const watching = `watching ${formatPercent(run.intended)} all the time`;
      const result = await guards(guardWindowMs, run.plan.watch.guardMs, watching).guard(guardInput(run));
      if (run.guard === guard) noteGuard(run, result, startedAtMs);
    })
    .catch((error: unknown) => {
      if (!isCancellation(error)) record(run, 'trouble', { what: 'the guard failed', detail: rootMessage(error) });
    })
    .finally(() => {
      if (run.guard === guard) run.guard = null;
    });
}

const guardInput = (run: Run): GuardInput => ({
  flag: { store: run.plan.flag.store, key: run.plan.flag.key },
  plan: run.plan,
  fence: run.fence,
  revision: run.revision,
  percent: run.intended,
  flippedAt: run.flippedAt ?? iso(Date.now()),
  windowMs: guardWindowMs,
  memory: run.guardMemory,
});

function noteGuard(run: Run, result: GuardResult, startedAtMs: number): void {
  switch (result.kind) {
    case 'breach':
      noteBreach(run, 'guard', result.samples);
      break;
    case 'drift':
    case 'fence-lost':
      run.guardMemory = result.memory;
      noteFlagRecord(run, result.flag, result.at);
      break;
    case 'window-ended':
      run.guardMemory = result.memory;
      // Until its window is over there is nothing to guard again, however early the activity said so.
      run.guardNotBeforeMs = startedAtMs + guardWindowMs;
      return;
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
  const evidence: Evidence = {
    at: samples.at(-1)?.at ?? iso(Date.now()),
    stage: run.stage,
    percent: run.intended,
    flippedAt: run.flippedAt,
    scope: 'watch',
    flag: null,
    samples,
    smoke: [],
    streaks: {},
  };
  const { breaches, verdict } = judgeEvidence(run, evidence, { kind: 'breach' });
  record(run, 'breach', {
    from,
    stage: run.stage,
    confirmed: breaches.length > 0,
    evidenceDigest: verdict.evidenceDigest,
    samples,
  });
  return breaches.length > 0;
}
