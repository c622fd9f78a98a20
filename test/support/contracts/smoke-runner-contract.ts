/** What every smoke runner keeps to. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SmokeRunner } from '../../../src/adapters/smoke/smoke-runner.js';

export interface SmokeRunnerUnderTest {
  /**
   * Knows three suites: `green` with the steps `create` and `tidy`; `red` with `create`, which passes, `check`, which
   * fails, `check-more`, and `tidy`, which is cleanup; `broken`, which cannot be run.
   */
  readonly runner: SmokeRunner;
  close(): Promise<void>;
}

const frame = (suite: string) => ({
  suite,
  at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
  durationMs: expect.any(Number) as number,
});
const passed = (id: string) => ({ id, outcome: 'passed', durationMs: expect.any(Number) as number });

export function smokeRunnerContract(name: string, open: () => Promise<SmokeRunnerUnderTest>): void {
  describe(`smoke runner contract: ${name}`, () => {
    let opened: SmokeRunnerUnderTest;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    it('knows its suites', () => {
      expect(opened.runner.suites.toSorted()).toEqual(['broken', 'green', 'red']);
    });

    it('shows every step of a suite that passes', async () => {
      const outcome = await opened.runner.run('green');
      expect(outcome).toEqual({ ...frame('green'), outcome: 'passed', steps: [passed('create'), passed('tidy')] });
      expect(outcome.durationMs).toBeGreaterThanOrEqual(0);
    });

    it('shows which step of a suite failed and why, what was skipped, and that it cleaned up', async () => {
      expect(await opened.runner.run('red')).toEqual({
        ...frame('red'),
        outcome: 'failed',
        detail: expect.stringMatching(/^check: expected .+, got .+/) as string,
        steps: [
          passed('create'),
          { ...passed('check'), outcome: 'failed', detail: expect.stringMatching(/^expected .+, got .+/) as string },
          { ...passed('check-more'), outcome: 'skipped' },
          passed('tidy'),
        ],
      });
    });

    it.each(['broken', 'unknown'])('calls the suite "%s" unavailable: neither red nor green', async (suite) => {
      expect(await opened.runner.run(suite)).toEqual({
        ...frame(suite),
        outcome: 'unavailable',
        steps: [],
        detail: expect.stringMatching(/./) as string,
      });
    });

    it('runs the same suite again, also twice at once', async () => {
      const outcomes = await Promise.all([opened.runner.run('green'), opened.runner.run('green')]);
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(['passed', 'passed']);
    });
  });
}
