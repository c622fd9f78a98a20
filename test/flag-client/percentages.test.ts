/** How a percentage divides users: nobody leaves on the way up, the same users come back, shares are as they say. */
import { describe, expect, it } from 'vitest';
import { createFlags } from '../../src/flag-client/create-flags.js';
import type { Flags } from '../../src/flag-client/open-flags.js';
import { documentOf } from '../support/a-flag-document.js';

const flagsAt = (percent: number, key = 'reporting-unified'): Flags =>
  createFlags({ document: JSON.parse(documentOf({ [key]: { percent } })) as object });

const isIn = (flags: Flags, user: string, key = 'reporting-unified'): boolean =>
  flags.get(key, false, { targetingKey: user });

it('keeps each of a million users in from 10 to 25 to 50 to 100 percent, and takes the same ones again after a rollback', () => {
  const steps = [0, 10, 25, 50, 100, 0, 10].map((percent) => flagsAt(percent));
  let left = 0;
  let inFirst = 0;
  let notTheSame = 0;
  for (let id = 0; id < 1_000_000; id += 1) {
    const seen = steps.map((flags) => isIn(flags, `user-${id}`));
    for (let step = 1; step < 5; step += 1) if (seen[step - 1] === true && seen[step] === false) left += 1;
    if (seen[1] === true) inFirst += 1;
    if (seen[1] !== seen[6] || seen[0] === true || seen[5] === true || seen[4] === false) notTheSame += 1;
  }
  expect({ left, notTheSame }).toEqual({ left: 0, notTheSame: 0 });
  // Three standard deviations of a fair draw; the draw is a hash, so the outcome never changes.
  expect(Math.abs(inFirst - 100_000)).toBeLessThanOrEqual(3 * Math.sqrt(1_000_000 * 0.1 * 0.9));
});

it('takes steps of a thousandth of a percent', () => {
  const [none, least, twice] = [flagsAt(0), flagsAt(0.001), flagsAt(0.002)];
  const users = Array.from({ length: 1_000_000 }, (_, id) => `user-${id}`);
  const [a, b, c] = [none, least, twice].map((flags) => users.filter((user) => isIn(flags, user)).length);
  expect(a).toBe(0);
  expect(b).toBeGreaterThan(0);
  expect(c).toBeGreaterThan(b ?? 0);
  expect(c).toBeLessThanOrEqual(20 + 3 * Math.sqrt(20));
});

const hex = (id: number): string =>
  Math.imul(id + 1, 2_654_435_761)
    .toString(16)
    .replace('-', '')
    .padStart(8, '0');
const shapes: Record<string, (id: number) => string> = {
  numbers: (id) => String(id + 1),
  'user-n': (id) => `user-${id}`,
  uuid: (id) => `${hex(id)}-4c1e-4d7a-9f00-${hex(id + 7)}${hex(id).slice(0, 4)}`,
  'e-mail': (id) => `first.last+${id}@example.org`,
  'beyond ASCII': (id) => `Zoë-漢字-😀-${id}`,
};
const count = 100_000;

describe.each(Object.entries(shapes))('for ids like %s', (_, idOf) => {
  const ids = Array.from({ length: count }, (__, id) => idOf(id));

  it.each([1, 10, 25, 50, 90])('%d percent are that many: |z| ≤ 3', (percent) => {
    const flags = flagsAt(percent);
    const inside = ids.filter((id) => isIn(flags, id)).length;
    const share = percent / 100;
    expect(Math.abs(inside - count * share) / Math.sqrt(count * share * (1 - share))).toBeLessThanOrEqual(3);
  });

  it('fills a hundred buckets evenly: |z| of chi square ≤ 3', () => {
    const bucketing = [{ cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] }];
    const names = Array.from({ length: 100 }, (__, index) => String(index));
    const flag = {
      state: 'ENABLED',
      variants: Object.fromEntries(names.map((name) => [name, Number(name)])),
      defaultVariant: '0',
      targeting: { fractional: [...bucketing, ...names.map((name) => [name, 1])] },
    };
    const flags = createFlags({ document: { flags: { spread: flag } } });
    const filled = new Map<number, number>();
    for (const id of ids) {
      const bucket = flags.get('spread', -1, { targetingKey: id });
      filled.set(bucket, (filled.get(bucket) ?? 0) + 1);
    }
    const even = count / 100;
    const chiSquare = [...filled.values()].reduce((sum, users) => sum + (users - even) ** 2 / even, 0);
    expect(filled.size).toBe(100);
    expect(Math.abs(chiSquare - 99) / Math.sqrt(2 * 99)).toBeLessThanOrEqual(3);
  });

  it('draws two flags apart: |phi| ≤ 0.01', () => {
    const [one, two] = [flagsAt(50, 'one'), flagsAt(50, 'two')];
    const cells = { both: 0, first: 0, second: 0, none: 0 };
    for (const id of ids) {
      const [a, b] = [isIn(one, id, 'one'), isIn(two, id, 'two')];
      cells[a ? (b ? 'both' : 'first') : b ? 'second' : 'none'] += 1;
    }
    const { both, first, second, none } = cells;
    const spread = (both + first) * (second + none) * (both + second) * (first + none);
    expect(Math.abs((both * none - first * second) / Math.sqrt(spread))).toBeLessThanOrEqual(0.01);
  });
});

/** The reference leaves out up to three last code units where the last is above U+7FFF: such ids share a draw. */
it('for ids that end in an emoji, gives a share within a quarter of a percent all the same', () => {
  for (const percent of [1, 10, 25, 50, 90]) {
    const flags = flagsAt(percent);
    let inside = 0;
    for (let id = 0; id < count; id += 1) if (isIn(flags, `user-${id}😀`)) inside += 1;
    expect(Math.abs((inside / count) * 100 - percent), `at ${percent} %`).toBeLessThanOrEqual(0.25);
  }
});
