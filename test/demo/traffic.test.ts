/** Traffic against the real service: steady, bounded, the same for the same seed, and gone when it is over. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/demo/seeded-random.js';
import { simulateUser } from '../../src/demo/simulated-user.js';
import { startTraffic } from '../../src/demo/traffic.js';
import { aTarget, type TestTarget } from '../support/a-target.js';

let target: TestTarget;
beforeEach(async () => {
  target = await aTarget(null);
});
afterEach(() => target.close());

const counted = async (): Promise<Map<string, number>> => {
  const text = await (await fetch(`${target.url}/metrics`)).text();
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
};

const sumOf = (metrics: Map<string, number>, name: string, label: string): number =>
  [...metrics]
    .filter(([series]) => series.startsWith(name) && series.includes(label))
    .reduce((sum, [, n]) => sum + n, 0);

describe('traffic', () => {
  it('uses every part of the service, without an error of its own, and stops by itself', async () => {
    const traffic = startTraffic({ url: target.url, users: 20, requestsPerSecond: 400, seed: 7, forMs: 1_500 });
    await expect
      .poll(async () => sumOf(await counted(), 'report_sign_total', 'success'), { timeout: 20_000 })
      .not.toBe(0);
    await expect
      .poll(
        async () => {
          const before = traffic.count().sent;
          await new Promise((resolve) => setTimeout(resolve, 200));
          return traffic.count().sent - before;
        },
        { timeout: 20_000 },
      )
      .toBe(0);
    const total = await traffic.stop();
    expect(total.sent).toBeLessThanOrEqual(600);
    expect(total).toMatchObject({ failed: 0, unanswered: 0 });
    const metrics = await counted();
    expect(sumOf(metrics, 'http_requests_total', 'status="4')).toBe(0);
    expect(sumOf(metrics, 'http_requests_total', '')).toBe(total.sent);
    // How many of each depends on how much a busy machine lets through.
    expect(sumOf(metrics, 'autosave_attempts_total', 'success')).toBeGreaterThan(0);
  });

  it('goes on when the service is gone, and counts what got no answer', async () => {
    await target.close();
    const traffic = startTraffic({ url: target.url, users: 5, requestsPerSecond: 200, seed: 7, forMs: 60_000 });
    await expect.poll(() => traffic.count().unanswered, { timeout: 20_000 }).toBeGreaterThan(10);
    await traffic.stop();
    target = await aTarget(null);
  });

  it('goes to no other machine', () => {
    const options = { url: 'http://example.org', users: 1, requestsPerSecond: 1, seed: 1, forMs: 1 };
    expect(() => startTraffic(options)).toThrow('this machine only');
  });
});

it('asks the same for the same seed, and something else for another', () => {
  const asked = (seed: number): string[] => {
    const user = simulateUser('dana', seededRandom(seed));
    return Array.from({ length: 50 }, (_, index) => {
      const { method, path } = user.next();
      user.heard(method === 'DELETE' ? 204 : 200, {
        id: 'one',
        version: index,
        state: index % 9 === 8 ? 'signed' : 'draft',
      });
      return `${method} ${path}`;
    });
  };
  expect(asked(7)).toEqual(asked(7));
  expect(asked(7)).not.toEqual(asked(8));
});
