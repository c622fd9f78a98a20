/** Whole rollouts by command line in stores over the network: up, back, break-glass, doctor, orphans. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client, Connection } from '@temporalio/client';
import { longestFlipMs } from '../../src/core/write-times.js';
import type { CliEnd } from '../support/cli.js';
import { openCliWorld, type CliWorld } from '../support/cli-world.js';
import { openFlagService, serviceToken, type FlagService } from '../support/flag-service.js';
import { openRealUnleash, type RealUnleash } from '../support/real-unleash.js';
import { unleashAdmin, type UnleashAdmin } from '../support/unleash-admin.js';

let unleash: RealUnleash;
let admin: UnleashAdmin;
/** One for each store, so that a flag's name says which one it is in. */
const services: Record<'house' | 'plain' | 'bare', FlagService | null> = { house: null, plain: null, bare: null };
const ids = ['house', 'plain', 'bare'] as const;
let world: CliWorld;
beforeAll(async () => {
  unleash = await openRealUnleash();
  admin = unleashAdmin(unleash, 'production');
  for (const id of ids) services[id] = await openFlagService();
  world = await openCliWorld({
    config: { flagStores: stores() },
    env: { UNLEASH_TOKEN: unleash.token, FLAGS_TOKEN: serviceToken },
  });
  await world.startWorker();
}, 900_000);
afterAll(async () => {
  await world?.close();
  for (const id of ids) await services[id]?.close();
  await unleash?.close();
});

function stores() {
  const kept = {
    fence: '/notes/fence',
    owner: '/notes/owner',
    safeState: '/notes/safe',
    breakGlass: '/notes/glass',
  };
  const http = (id: (typeof ids)[number]) => ({
    kind: 'http',
    url: services[id]?.url,
    headers: { authorization: 'Bearer ${FLAGS_TOKEN}' },
    flag: '/flags/{key}',
    list: { path: '/flags', items: '/flags', key: '/name' },
  });
  return {
    unleash: { kind: 'unleash', url: unleash.url, environment: 'production', token: '${UNLEASH_TOKEN}' },
    house: {
      ...http('house'),
      fields: { percent: '/rollout/share', ...kept },
      revision: { header: 'etag' },
      write: { compare: { header: 'if-match' } },
    },
    plain: { ...http('plain'), fields: { percent: '/rollout/share', ...kept }, write: {} },
    bare: { ...http('bare'), fields: { percent: '/rollout/share' }, write: {} },
  };
}

async function openAtTen(store: string, key: string, set: Readonly<Record<string, boolean>> = {}): Promise<void> {
  const flag = { store, environment: 'production', key, rollback: { set } };
  expect(await world.run('start', await world.plan(key, { flag }), '--yes')).toMatchObject({ code: 0 });
  await world.until(key, ({ percent }) => percent.observed === 10);
}

/** Every pack of the flag, once its last rollout is over. */
async function verifies(key: string): Promise<void> {
  const packs = join(world.folder, 'archive', 'production', key);
  for (const pack of await readdir(packs)) {
    const verify = (): Promise<CliEnd> => world.run('audit', 'verify', join(packs, pack));
    await expect.poll(verify, { timeout: 30_000 }).toMatchObject({ code: 0 });
  }
}

const receiptIn = (stdout: string) => JSON.parse(stdout) as Record<string, unknown>;

describe('in Unleash', () => {
  it('goes up with two people, and back after its end, to the safe state that the claim wrote down', async () => {
    await openAtTen('unleash', 'up-and-back', { 'old-editor': true });
    expect((await admin.strategies('up-and-back'))[0]?.parameters['rollout']).toBe('10');
    await world.until('up-and-back', ({ state }) => state === 'asking');
    for (const [by, role] of [
      ['kim', 'release-manager'],
      ['lee', 'sre'],
    ] as const)
      expect(await world.run('go', 'up-and-back', '--by', by, '--role', role, '--reason', 'fine')).toMatchObject({
        code: 0,
      });
    await world.until('up-and-back', ({ state }) => state === 'completed');
    expect((await admin.strategies('up-and-back'))[0]?.parameters['rollout']).toBe('100');
    const back = await world.run('rollback', 'up-and-back', '--yes', '--json', '--reason', 'after all');
    expect(receiptIn(back.stdout)).toMatchObject({ written: true, state: 'proven', percent: 0, fence: 2 });
    expect(await admin.isOn('up-and-back')).toBe(false);
    expect(await admin.isOn('old-editor')).toBe(true);
    await verifies('up-and-back');
  });

  it('a break-glass is adopted, with its receipt', async () => {
    await openAtTen('unleash', 'glass');
    const broken = await world.run('rollback', 'glass', '--break-glass', '--yes', '--json', '--reason', 'now');
    expect(broken, broken.stderr).toMatchObject({ code: 0 });
    expect(receiptIn(broken.stdout)).toMatchObject({ state: 'proven', percent: 0, fence: 2 });
    expect(await admin.isOn('glass')).toBe(false);
    expect(await world.run('watch', 'glass')).toMatchObject({ code: 5 });
    const { receipt } = await world.until('glass', ({ state }) => state === 'rolled-back');
    expect(receipt).toMatchObject({ by: 'dana', reason: 'now', fence: 2 });
  });

  it('what somebody does by hand is a drift', async () => {
    await openAtTen('unleash', 'by-hand');
    await admin.others.switchOff('by-hand');
    await world.until('by-hand', ({ state }) => state === 'paused');
    expect((await world.run('why', 'by-hand')).stdout).toContain('0 %');
    expect(await world.run('rollback', 'by-hand', '--yes')).toMatchObject({ code: 0 });
  });

  it('a flag that a lost rollout left up is found', async () => {
    await openAtTen('unleash', 'left-up');
    const connection = await Connection.connect({ address: world.server.address });
    await new Client({ connection }).workflow.getHandle('rollout/production/left-up').terminate();
    await connection.close();
    const { stdout } = await world.run('doctor');
    expect(stdout).toContain('production/left-up is at 10 %, and nobody watches it');
    expect(await world.run('rollback', 'left-up', '--yes')).toMatchObject({ code: 0 });
    expect(await admin.isOn('left-up')).toBe(false);
  });
});

describe('in a service behind a mapping', () => {
  it('that compares: as in a flag document', async () => {
    await openAtTen('house', 'house-flag');
    const back = await world.run('rollback', 'house-flag', '--yes', '--json');
    expect(receiptIn(back.stdout)).toMatchObject({ state: 'proven', percent: 0, fence: 2 });
    expect(services.house?.flags.get('house-flag')).toMatchObject({ rollout: { share: 0 }, notes: { fence: 2 } });
  });

  it('that compares nothing: at 0 at once, proven when no flip can land any more', async () => {
    await openAtTen('plain', 'plain-flag');
    const back = await world.run('rollback', 'plain-flag', '--yes', '--json');
    const receipt = receiptIn(back.stdout);
    expect(receipt).toMatchObject({ state: 'proven', percent: 0, fence: 2 });
    const [writtenAt, provenAt] = [receipt['writtenAt'], receipt['provenAt']].map((at) => Date.parse(String(at)));
    expect((provenAt ?? 0) - (writtenAt ?? 0)).toBeGreaterThanOrEqual(longestFlipMs - 500);
    await verifies('plain-flag');
  });

  it('that keeps only the percentage: a break-glass is a drift, and a rollback closes it', async () => {
    await openAtTen('bare', 'bare-flag');
    const broken = await world.run('rollback', 'bare-flag', '--break-glass', '--yes', '--reason', 'now');
    expect(broken, broken.stderr).toMatchObject({ code: 0 });
    expect(services.bare?.flags.get('bare-flag')).toEqual({ rollout: { share: 0 } });
    await world.until('bare-flag', ({ state }) => state === 'paused');
    const back = await world.run('rollback', 'bare-flag', '--yes', '--json');
    expect(receiptIn(back.stdout)).toMatchObject({ state: 'proven', percent: 0 });
  });
});

it('the doctor says what each store guarantees', async () => {
  const { stdout } = await world.run('doctor', '--json');
  const { lines } = JSON.parse(stdout) as { lines: { about: string; level: string; saw: string }[] };
  const of = (id: string) =>
    lines.filter(({ about }) => about === `flag store ${id}`).map(({ level, saw }) => `${level}: ${saw}`);
  expect(of('unleash')).toEqual([
    expect.stringMatching(/^ok: can be read: \d+ flags, \d+ of them claimed/),
    expect.stringMatching(/^warn: has fence, read-back, owner; no compare-and-set: .*; knows steps of 1 %$/),
  ]);
  expect(of('house').at(-1)).toMatch(/^ok: has compare-and-set, fence, read-back, owner/);
  expect(of('plain').at(-1)).toMatch(/^warn: has read-back, owner; no compare-and-set: .*; no fence: /);
  expect(of('bare').at(-1)).toMatch(/^warn: has read-back; .*no owner: /);
});

it('a plan whose stages Unleash would round is not started', async () => {
  const flag = { store: 'unleash', environment: 'production', key: 'too-fine' };
  const stages = [
    { percent: 12.5, hold: '1s', gate: { checks: ['saves'] } },
    { percent: 100, hold: '1s', gate: { checks: ['saves'] } },
  ];
  const { code, stderr } = await world.run('start', await world.plan('too-fine', { flag, stages }), '--yes');
  expect(code).toBe(3);
  expect(stderr).toContain('knows only steps of 1 %');
});
