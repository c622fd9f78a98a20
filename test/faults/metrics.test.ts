/** Numbers that do not come, come wrong, or mean nothing, through a real worker and a real HTTP source. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aGate } from '../support/a-plan.js';
import { aQuickPlan } from '../support/a-quick-plan.js';
import { openFaultWorld, type FaultRun, type FaultWorld } from '../support/fault-world.js';
import { answerJson, type Answerer } from '../support/local-server.js';

const vector =
  (...values: string[]): Answerer =>
  (response) =>
    answerJson(response, {
      status: 'success',
      data: {
        resultType: 'vector',
        result: values.map((value, index) => ({
          metric: values.length === 1 ? {} : { pod: String(index) },
          value: [Date.now() / 1_000, value],
        })),
      },
    });

const warned: Answerer = (response) =>
  answerJson(response, {
    status: 'success',
    warnings: ['one of two stores did not answer'],
    data: { resultType: 'vector', result: [{ metric: {}, value: [Date.now() / 1_000, '0.999'] }] },
  });

/** What the source answers, and what the verdict must say of it. */
const cases: readonly (readonly [string, Answerer, RegExp])[] = [
  ['case 21: a source that is down', (response) => response.socket?.destroy(), /gave no answer/],
  ['case 22: a source that takes the question and never answers', () => undefined, /timeout/],
  ['case 23: a login page instead of numbers', (response) => response.end('<html>Sign in</html>'), /not-json/],
  ['case 24: an empty answer', vector(), /no data/],
  ['case 25: NaN', vector('NaN'), /NaN/],
  ['case 25: plus infinity', vector('+Inf'), /\+Inf/],
  ['case 25: minus infinity', vector('-Inf'), /-Inf/],
  ['case 25: more than a double can hold', vector('1e400'), /1e400/],
  ['case 26: two series where one is due', vector('0.999', '0.999'), /2 series/],
  ['case 32: a partial answer with warnings', warned, /did not answer/],
  ['case 36: an error to every question', (response) => answerJson(response, { status: 'error' }, 500), /http-error/],
];

let world: FaultWorld;
const runs: FaultRun[] = [];
const keyOf = (index: number): string => `numbers_${index}_`;

/** All at once beside one worker; each asks for a metric of its own. */
beforeAll(async () => {
  world = await openFaultWorld();
  for (const [index, [, answerer]] of cases.entries()) world.prometheus.leave(keyOf(index), answerer);
  await world.startWorker();
  for (const index of cases.keys()) runs.push(await world.start(silentPlan(keyOf(index))));
});
afterAll(() => world.close());

/** Nobody is asked: only evidence could keep it from rising. */
function silentPlan(key: string) {
  const plan = aQuickPlan(key);
  const check = plan.checks['autosave-success']!;
  const gate = aGate({ decision: null });
  return aQuickPlan(key, {
    checks: { 'autosave-success': { ...check, queries: { value: key } } },
    stages: [10, 100].map((percent) => ({ percent, holdMs: 0, gate })),
    policy: {
      ...plan.policy,
      onUnavailable: { afterMs: 1_000, do: 'ask' },
      onInconclusive: { afterMs: 1_000, do: 'ask' },
    },
  });
}

describe('the flag does not rise on it, does not fall by itself, and people are asked:', () => {
  it.each(cases.map(([title, , says], index) => [title, says, index] as const))('%s', async (_, says, index) => {
    const run = runs[index]!;
    const { verdict } = await run.until('asking');
    expect(verdict).toMatchObject({ outcome: 'inconclusive', headline: expect.stringMatching(says) as string });
    await run.rollBack();
    const { percents, audit } = await run.end();
    expect(percents).toEqual([0, 10, 0]);
    expect(audit.filter(({ kind, data }) => kind === 'verdict' && data['outcome'] === 'pass')).toEqual([]);
  });
});
