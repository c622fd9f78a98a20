/** The Unleash store keeps to the contract on a real Unleash server, and to what Unleash needs beyond it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openUnleashFlagStore } from '../../src/adapters/flags/unleash/unleash-flag-store.js';
import {
  back,
  claim,
  climb,
  flagStoreContract,
  flip,
  key,
  owner,
  taken,
} from '../support/contracts/flag-store-contract.js';
import { prefixedFlagStore } from '../support/prefixed-flag-store.js';
import { openRealUnleash, type RealUnleash } from '../support/real-unleash.js';
import { unleashAdmin, type UnleashAdmin } from '../support/unleash-admin.js';

let unleash: RealUnleash;
let admin: UnleashAdmin;
beforeAll(async () => {
  unleash = await openRealUnleash();
  admin = unleashAdmin(unleash, 'production', prefix);
}, 900_000);
afterAll(() => unleash?.close());
/** Each test has its own flags: Unleash ends when one is deleted that was made a moment before. */
let tests = 0;
const prefix = () => `t${tests}-`;
beforeEach(() => {
  tests += 1;
});

const open = (changes: { environment?: string; project?: string; token?: string; url?: string } = {}) =>
  prefixedFlagStore(
    openUnleashFlagStore({
      id: 'unleash',
      url: unleash.url,
      project: 'default',
      environment: 'production',
      token: unleash.token,
      timeoutMs: 2_000,
      onTrouble: (sentence) => expect.unreachable(sentence),
      ...changes,
    }),
    prefix(),
  );

flagStoreContract(
  'unleash',
  () => Promise.resolve({ store: open(), others: admin.others, close: () => Promise.resolve() }),
  // A flag called `constructor` breaks Unleash's own list of flags.
  { oddKeys: ['a.b-c_d~1', 'A-B'] },
);

describe('on the way up', () => {
  it('a flip changes the rollout and nothing else: stickiness, group and constraints stay', async () => {
    const constraints = [
      { contextName: 'country', operator: 'IN', values: ['NO'], inverted: false, caseInsensitive: false },
    ];
    await admin.makeStrategy(key, {
      rollout: '0',
      parameters: { stickiness: 'userId', groupId: 'their-own' },
      constraints,
      title: 'ours since spring',
    });
    await climb(open(), 10, 25);
    const [strategy] = await admin.strategies(key);
    expect(strategy).toMatchObject({
      parameters: { rollout: '25', stickiness: 'userId', groupId: 'their-own' },
      constraints,
    });
    expect(strategy?.title).toContain('ours since spring');
    expect(await admin.isOn(key)).toBe(true);
  });

  it('is written down with the event that Unleash made of it', async () => {
    const { receipt } = await climb(open(), 10);
    expect(receipt.evidence).toMatch(/^unleash event \d+$/);
    const [newest] = await admin.events(key);
    expect(receipt.evidence).toBe(`unleash event ${newest?.id}`);
    expect(newest).toMatchObject({
      type: 'feature-strategy-update',
      preData: { parameters: { rollout: '0' } },
      data: { parameters: { rollout: '10' } },
    });
  });

  it('tells applications nothing of owner and fence', async () => {
    await climb(open(), 10);
    const text = await admin.clientFeatures(unleash.clientToken);
    expect(text).toContain('"rollout":"10"');
    expect(text).not.toContain('Holdpoint');
    expect(text).not.toContain(owner);
  });

  it('whole percents only, and the flag stays where it is', async () => {
    const { receipt } = await climb(open(), 10);
    await expect(open().flip(flip({ percent: 12.5, expectedRevision: receipt.revision }))).rejects.toMatchObject({
      reason: 'not-configured',
    });
    expect(await open().read(key)).toMatchObject({ percent: 10 });
  });

  it('no flip switches on what somebody switched off, also when told to write the flag back', async () => {
    await climb(open(), 10);
    await admin.others.switchOff(key);
    const { revision } = await open().read(key);
    await expect(open().flip(flip({ percent: 10, expectedRevision: revision }))).rejects.toThrow(
      'No flip switches it on',
    );
    expect(await admin.isOn(key)).toBe(false);
  });

  it('a claim is refused where strategies would let users in once it is on', async () => {
    await admin.makeStrategy(key, { rollout: '50' });
    await admin.makeStrategy(key, { rollout: '20' });
    await expect(open().claim(claim())).rejects.toThrow('Leave exactly one flexibleRollout');
    expect(await admin.isOn(key)).toBe(false);
  });

  it('a claim never lets the server make a strategy for everybody', async () => {
    await admin.makeStrategy(key, { rollout: '30', disabled: true });
    await expect(open().claim(claim())).rejects.toThrow('flexibleRollout (switched off)');
    expect(await admin.strategies(key)).toHaveLength(1);
  });

  it('a claim that was cut off before it switched the flag on is finished when it is repeated', async () => {
    await open().claim(claim());
    await admin.others.switchOff(key);
    expect((await taken(open().claim(claim()))).record).toMatchObject({ percent: 0, fence: 1 });
    expect(await admin.isOn(key)).toBe(true);
  });

  it('a claim repeated after a rollback leaves the flag off', async () => {
    await open().claim(claim());
    await open().writeSafeState(back());
    await open().claim(claim());
    expect(await admin.isOn(key)).toBe(false);
  });
});

describe('on the way back', () => {
  it('the environment is switched off, and other environments are left alone', async () => {
    await climb(open(), 50);
    await climb(open({ environment: 'development' }), 25);
    const { receipt } = await taken(open().writeSafeState(back()));
    expect(receipt).toMatchObject({ state: 'proven', percent: 0, fence: 2 });
    expect(await admin.isOn(key)).toBe(false);
    expect(await open({ environment: 'development' }).read(key)).toMatchObject({ percent: 25, fence: 1 });
  });

  it('whatever strategies people have added meanwhile: nobody is let in, and their strategies stay', async () => {
    await climb(open(), 10);
    await admin.makeStrategy(key, { rollout: '80' });
    expect(await open().read(key)).toMatchObject({ percent: null, owner, fence: 1 });
    expect((await taken(open().writeSafeState(back()))).receipt).toMatchObject({ state: 'proven', percent: 0 });
    expect(await admin.strategies(key)).toHaveLength(2);
  });

  it('whose strategy was deleted meanwhile keeps a record again', async () => {
    await climb(open(), 10);
    for (const { id } of await admin.strategies(key)) await admin.deleteStrategy(key, id);
    const { record } = await taken(open().writeSafeState(back({ owner: 'break-glass:1' })));
    expect(record).toMatchObject({ percent: 0, owner: 'break-glass:1' });
  });

  it('a flip in flight lands in a flag that is off', async () => {
    const { receipt } = await climb(open(), 10);
    const [strategy] = await admin.strategies(key);
    await open().writeSafeState(back());
    // As a flip does it, long after it was decided on, and without any comparison.
    await admin.setRollout(key, strategy?.id ?? '', '25');
    expect(await open().read(key)).toMatchObject({ percent: 0, fence: 2 });
    expect(await open().flip(flip({ percent: 25, expectedRevision: receipt.revision }))).toMatchObject({
      why: 'fence-lost',
    });
  });

  it('flips and rollbacks at the same moment, again and again: never up after a rollback', async () => {
    for (let round = 1; round <= 15; round += 1) {
      const { receipt } = await taken(open().claim(claim({ key: `race-${round}` })));
      const asked = { key: `race-${round}`, fence: 1, expectedRevision: receipt.revision };
      const flips = [5, 10, 20].map((percent) => open().flip(flip({ ...asked, percent })));
      const rollback = taken(open().writeSafeState(back({ key: asked.key })));
      const [written] = await Promise.all([rollback, Promise.allSettled(flips)]);
      expect(written.record.percent).toBe(0);
      expect(await open().read(asked.key)).toMatchObject({ percent: 0 });
    }
  });
});

describe('set by a person, outside of a rollout', () => {
  const set = async (percent: number, replaces: string | null) => {
    const { fence, revision } = await open().read(key);
    return open().flip(flip({ percent, owner: null, replaces, fence, expectedRevision: revision }));
  };

  it('a flag is made, goes up and down, and is left to nobody', async () => {
    for (const [index, percent] of [25, 100, 0].entries()) {
      const { receipt, record } = await taken(set(percent, null));
      expect(receipt).toMatchObject({ state: 'proven', percent, fence: index + 1 });
      expect(record).toMatchObject({ exists: true, percent, owner: null });
    }
    expect((await taken(open().claim(claim()))).record).toMatchObject({ owner, percent: 0, fence: 4 });
  });

  it('after a rollback it is switched on again; the rollout that owned it lands no flip any more', async () => {
    const { receipt } = await climb(open(), 10);
    await open().writeSafeState(back());
    expect((await taken(set(50, owner))).record).toMatchObject({ percent: 50, owner: null, fence: 3 });
    const late = await open().flip(flip({ percent: 25, expectedRevision: receipt.revision }));
    expect(late).toMatchObject({ why: 'fence-lost' });
  });

  it('together with a rollback: down wins, or comes after', async () => {
    for (let round = 1; round <= 10; round += 1) {
      const name = `set-${round}`;
      await taken(open().claim(claim({ key: name })));
      const { fence, revision } = await open().read(name);
      const asked = { key: name, percent: 50, owner: null, replaces: owner, fence, expectedRevision: revision };
      const [back0] = await Promise.all([
        taken(open().writeSafeState(back({ key: name }))),
        open()
          .flip(flip(asked))
          .catch(() => null),
      ]);
      expect(back0.receipt.percent).toBe(0);
      expect(await open().read(name)).toMatchObject({ percent: 0 });
    }
  });
});

describe('several who claim at the same moment', () => {
  it('one of them can move it', async () => {
    for (let round = 1; round <= 10; round += 1) {
      const name = `claims-${round}`;
      await admin.makeStrategy(name, { rollout: '0' });
      const owners = ['a', 'b', 'c'].map((id) => `rollout/e/f@${id}`);
      await Promise.all(owners.map((one) => open().claim(claim({ key: name, owner: one }))));
      const { fence, revision } = await open().read(name);
      const asked = { key: name, fence, percent: 10, expectedRevision: revision };
      const moved = await Promise.all(
        owners.map(async (one) => (await open().flip(flip({ ...asked, owner: one }))).kind),
      );
      expect(moved.toSorted()).toEqual(['refused', 'refused', 'written']);
    }
  });
});

describe('trouble', () => {
  it.each([
    ['token', { token: '*:*.wrong' }, 'not-permitted', 'check the secret'],
    ['project', { project: 'nowhere' }, 'not-configured', 'Correct "project"'],
    ['environment', { environment: 'moon' }, 'not-configured', 'Correct "environment"'],
    ['address', { url: 'http://127.0.0.1:1' }, 'unreachable', 'See whether it runs'],
  ] as const)('a wrong %s says what to do', async (...[, changes, reason, todo]) => {
    await open().claim(claim());
    const error: unknown = await open(changes)
      .read(key)
      .catch((one: unknown) => one);
    expect(error).toMatchObject({ name: 'AdapterError', reason });
    expect((error as Error).message).toContain(todo);
  });

  it('an application’s token may not write', async () => {
    await expect(open({ token: unleash.clientToken }).claim(claim())).rejects.toMatchObject({
      reason: 'not-permitted',
    });
  });

  it('a name that an archived flag has is not taken', async () => {
    await open().claim(claim());
    await admin.archive(key);
    await expect(open().claim(claim({ owner: 'rollout/e/f@2', replaces: owner }))).rejects.toThrow('archived');
    expect(await open().read(key)).toMatchObject({ exists: false, percent: 0 });
  });

  it('a percentage that is none is not believed', async () => {
    await climb(open(), 10);
    const [strategy] = await admin.strategies(key);
    await admin.setRollout(key, strategy?.id ?? '', '500');
    expect(await open().read(key)).toMatchObject({ percent: null });
  });
});
