/** The rollouts of one test file on a real server of its own: it runs from the first test to the last, a rollout as long as its test. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import type { Plan } from '../../src/core/plan.js';
import type { RolloutState } from '../../src/core/rollout-shapes.js';
import { statusQuery } from '../../workflows/messages.js';
import { openRealServer, startReal, type RealRun } from './run-real.js';

export interface RealRollouts {
  /** Not before the first test. */
  readonly env: TestWorkflowEnvironment;
  start(plan: Plan): Promise<RealRun>;
  /** Temporal's own command line, and what it printed. */
  temporal(...args: string[]): Promise<string>;
}

/** @param settings - see `openRealServer`. */
export function realRollouts(...settings: readonly string[]): RealRollouts {
  let server: TestWorkflowEnvironment | null = null;
  const open: RealRun[] = [];
  beforeAll(async () => {
    server = await openRealServer(...settings);
  });
  afterEach(async () => {
    for (const run of open.splice(0)) await run.close();
  });
  afterAll(() => server?.teardown());
  const env = (): TestWorkflowEnvironment => {
    if (server === null) throw new Error('The server runs only while tests do.');
    return server;
  };
  return {
    get env() {
      return env();
    },
    start: async (plan) => {
      const run = await startReal(env(), plan);
      open.push(run);
      return run;
    },
    temporal: async (...args) =>
      (await promisify(execFile)(inject('temporalPath'), ['workflow', ...args, '--address', env().address])).stdout,
  };
}

export const reaches = (run: RealRun, state: RolloutState): Promise<void> =>
  expect.poll(async () => (await run.handle.query(statusQuery)).state, { timeout: 40_000, interval: 100 }).toBe(state);
