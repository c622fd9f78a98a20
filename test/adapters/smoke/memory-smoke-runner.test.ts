/** The shipped fake keeps to the contract when its script does. */
import { openMemorySmokeRunner, type ScriptedSmoke } from '../../../src/adapters/smoke/memory-smoke-runner.js';
import { smokeRunnerContract } from '../../support/contracts/smoke-runner-contract.js';

const passed = (id: string) => ({ id, outcome: 'passed', durationMs: 1 }) as const;
const detail = 'expected status 200, got 500';
const script: Readonly<Record<string, ScriptedSmoke>> = {
  green: { outcome: 'passed', steps: [passed('create'), passed('tidy')] },
  red: {
    outcome: 'failed',
    detail: `check: ${detail}`,
    steps: [
      passed('create'),
      { id: 'check', outcome: 'failed', durationMs: 1, detail },
      { id: 'check-more', outcome: 'skipped', durationMs: 0 },
      passed('tidy'),
    ],
  },
};
const broken: ScriptedSmoke = { outcome: 'unavailable', steps: [], detail: 'told to be' };

smokeRunnerContract('memory', () =>
  Promise.resolve({
    runner: openMemorySmokeRunner(['green', 'red', 'broken'], (suite) => script[suite] ?? broken),
    close: () => Promise.resolve(),
  }),
);
