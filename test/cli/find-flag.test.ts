/** Which flag a name means, where several stores of the configuration have one of that key. */
import { describe, expect, it } from 'vitest';
import { documentOf } from '../support/a-flag-document.js';
import { aFlagPlace, ownedBy } from '../support/flag-place.js';

const breakGlass = ['--break-glass', '--yes', '--reason', 'cannot wait'];
const at = (percent: number): string => documentOf({ f: { percent } });
const percentIn = (text: string): unknown =>
  (JSON.parse(text) as { flags: { f: { metadata: Record<string, unknown> } } }).flags.f.metadata['holdpoint.percent'];

describe('rollback --break-glass of a flag in two stores', () => {
  it('writes nothing until it is told which, and says how', async () => {
    const { holdpoint, document } = await aFlagPlace({ shop: at(25), office: at(50) });
    const asked = await holdpoint('rollback', 'f', ...breakGlass);
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain('f in shop, f in office. Nothing was written.');
    expect(asked.stderr).toContain('--store shop or --store office');
    expect([await document('shop'), await document('office')]).toEqual([at(25), at(50)]);
    const done = await holdpoint('rollback', 'f', ...breakGlass, '--store', 'office');
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('office/f') as string });
    expect(percentIn(await document('office'))).toBe(0);
    expect(await document('shop')).toBe(at(25));
  });

  it.each(['production/f', 'rollout/production/f', 'rollout/production/f@run-1'])(
    'takes the one that the rollout %s owns, without asking',
    async (name) => {
      const office = ownedBy('rollout/staging/f@run-2');
      const { holdpoint, document } = await aFlagPlace({ office, shop: ownedBy('rollout/production/f@run-1') });
      expect(await holdpoint('rollback', name, ...breakGlass)).toMatchObject({ code: 0 });
      expect(percentIn(await document('shop'))).toBe(0);
      expect(await document('office')).toBe(office);
    },
  );

  it('of a rollout in another environment than was named is not taken back by mistake', async () => {
    const shop = ownedBy('rollout/production/f@run-1');
    const { holdpoint, document } = await aFlagPlace({ shop });
    const { code, stderr } = await holdpoint('rollback', 'staging/f', ...breakGlass);
    expect([code, stderr]).toEqual([2, expect.stringContaining('name it so: production/f')]);
    expect(await document('shop')).toBe(shop);
  });

  it('of no store that the configuration has is a mistake of the command', async () => {
    const { holdpoint, document } = await aFlagPlace({ shop: at(25) });
    const { code, stderr } = await holdpoint('rollback', 'f', ...breakGlass, '--store', 'attic');
    expect([code, stderr]).toEqual([2, expect.stringContaining('there are: shop')]);
    expect(await document('shop')).toBe(at(25));
  });

  it('goes through when another store is broken, and says that nobody looked there', async () => {
    const { holdpoint, document } = await aFlagPlace({ office: '{', shop: at(25) });
    const { code, stderr } = await holdpoint('rollback', 'f', ...breakGlass);
    expect([code, stderr]).toEqual([0, expect.stringContaining('office.json is not a flag document')]);
    expect(percentIn(await document('shop'))).toBe(0);
  });
});

it('a rollback that finds no Temporal names the way round it, with the store that was named', async () => {
  const { holdpoint, document } = await aFlagPlace({ shop: at(25), office: at(50) });
  const { code, stderr } = await holdpoint('rollback', 'f', '--store', 'shop', '--yes');
  expect([code, stderr]).toEqual([
    7,
    expect.stringContaining('holdpoint rollback f --store shop --break-glass --reason "why"'),
  ]);
  expect(await document('shop')).toBe(at(25));
});

it('a key that is the very name goes before one behind an environment', async () => {
  const both = documentOf({ 'web/f': { percent: 10 }, f: { percent: 25 } });
  const { run } = await aFlagPlace({ flags: both });
  expect((await run('status', 'web/f', '--json')).stdout).toContain('"key": "web/f"');
  expect((await run('status', 'f', '--json')).stdout).toContain('"key": "f"');
});

it('a flag is not set by a name that is only like its key', async () => {
  const { run, document } = await aFlagPlace({ flags: at(25) });
  const near = ['set', 'web/f', '100', '--reason', 'x', '--yes'];
  const { code, stderr } = await run(...near);
  expect([code, stderr]).toEqual([8, expect.stringContaining('There is no flag web/f, only f in flags.')]);
  expect(await document()).toBe(at(25));
  expect(await run(...near, '--create')).toMatchObject({ code: 0 });
  expect(JSON.parse((await run('status', '--json')).stdout)).toMatchObject([
    { key: 'f', percent: 25 },
    { key: 'web/f', percent: 100 },
  ]);
});

it.each([['status'], ['evaluate'], ['set', '10', '--reason', 'x', '--yes']])(
  'flag %s of a flag in two stores names the way to say which',
  async (command = '', ...more) => {
    const { run, document } = await aFlagPlace({ shop: at(25), office: at(50) });
    const { code, stderr } = await run(command, 'f', ...more);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--store shop or --store office')]);
    expect(await run(command, 'f', ...more, '--store', 'shop')).toMatchObject({ code: 0 });
    expect(await document('office')).toBe(at(50));
  },
);
