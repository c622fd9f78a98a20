/** A flag set by hand in a store that notes no owner: whether a rollout moves it, only Temporal can tell. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openCliWorld, type CliWorld } from '../support/cli-world.js';
import { openFlagService, serviceToken, type FlagService } from '../support/flag-service.js';

let service: FlagService;
let world: CliWorld;
beforeAll(async () => {
  service = await openFlagService();
  const house = {
    kind: 'http',
    url: service.url,
    headers: { authorization: `Bearer ${serviceToken}` },
    flag: '/flags/{key}',
    keys: ['bare'],
    fields: { percent: '/rollout/share' },
    write: { method: 'PUT' },
  };
  world = await openCliWorld({ config: { flagStores: { house, other: { ...house, flag: '/flags/other-{key}' } } } });
  await world.startWorker();
});
afterAll(async () => {
  await world?.close();
  await service?.close();
});

const set = (percent: string, store: string, ...more: string[]) =>
  world.run('flag', 'set', 'bare', percent, '--reason', 'by hand', '--yes', '--store', store, ...more);

it('is refused while a rollout of that store is open, and where Temporal cannot be asked', async () => {
  expect(await set('5', 'other', '--create')).toMatchObject({ code: 0 });
  const flag = { store: 'house', environment: 'production', key: 'bare' };
  expect(await world.run('start', await world.plan('bare', { flag }), '--yes')).toMatchObject({ code: 0 });
  await world.until('bare', ({ percent }) => percent.observed === 10);
  const up = await set('50', 'house');
  expect([up.code, up.stderr]).toEqual([8, expect.stringContaining('which alone moves it up')]);
  expect(service.flags.get('bare')).toMatchObject({ rollout: { share: 10 } });
  // Of that key in another store it knows nothing.
  expect(await set('50', 'other')).toMatchObject({ code: 0 });
  const unreachable = await set('50', 'house', '-c', await world.configFor('127.0.0.1:1'));
  expect([unreachable.code, unreachable.stderr]).toEqual([7, expect.stringContaining('cannot be told')]);
  expect(service.flags.get('bare')).toMatchObject({ rollout: { share: 10 } });
  expect(await world.run('rollback', 'bare', '--yes')).toMatchObject({ code: 0 });
  await world.until('bare', ({ state }) => state === 'rolled-back');
  expect(await set('12.5', 'house')).toMatchObject({ code: 0 });
  expect(service.flags.get('bare')).toMatchObject({ rollout: { share: 12.5 } });
});

it('a rollback that names the store takes the flag back there, whatever Temporal knows of its key elsewhere', async () => {
  expect(await set('12.5', 'house', '--create')).toMatchObject({ code: 0 });
  expect(await set('50', 'other', '--create')).toMatchObject({ code: 0 });
  const back = await world.run('rollback', 'bare', '--store', 'other', '--reason', 'cannot wait', '--yes');
  expect([back.code, back.stdout]).toEqual([0, expect.stringContaining('at 0 %')]);
  expect(service.flags.get('other-bare')).toMatchObject({ rollout: { share: 0 } });
  expect(service.flags.get('bare')).toMatchObject({ rollout: { share: 12.5 } });
});
