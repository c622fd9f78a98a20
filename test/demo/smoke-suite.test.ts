/** The reporting smoke suite against the real service. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openHttpSmokeRunner } from '../../src/adapters/smoke/http-smoke-runner.js';
import { aTarget, type TestTarget } from '../support/a-target.js';

let target: TestTarget;
beforeEach(async () => {
  target = await aTarget(null);
});
afterEach(() => target.close());

const run = () =>
  openHttpSmokeRunner({
    suites: new Map([['reporting', 'ops/smoke/reporting.yaml']]),
    env: { REPORTING_URL: target.url },
  }).run('reporting');

async function activeReports(): Promise<string | undefined> {
  const text = await (await fetch(`${target.url}/metrics`)).text();
  return /^active_reports.* (\d+)$/m.exec(text)?.[1];
}

it('is green on a healthy service, for both cohorts at 0 percent', async () => {
  const outcome = await run();
  expect(outcome).toMatchObject({ outcome: 'passed' });
  expect(outcome.steps.map(({ id }) => id)).toContain('on-sign');
  expect(outcome.steps.map(({ id }) => id)).toContain('off-sign');
});

it('is red when only the new code path is broken, names the step, and cleans up after itself', async () => {
  await target.turn({ finalizeFailureRatio: 1 });
  const outcome = await run();
  expect(outcome.outcome).toBe('failed');
  expect(outcome.detail).toContain('on-finalize: expected status 200, got 500');
  expect(outcome.steps.find(({ id }) => id === 'on-delete')).toMatchObject({ outcome: 'passed' });
  expect(await activeReports()).toBe('0');
});
