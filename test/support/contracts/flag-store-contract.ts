/** What every flag store keeps to: the fence only grows, up needs ownership, down never asks. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  ClaimRequest,
  FlagStore,
  FlipRequest,
  SafeStateRequest,
  WriteOutcome,
} from '../../../src/adapters/flags/flag-store.js';

export interface FlagStoreUnderTest {
  readonly store: FlagStore;
  /** What other people do to flags, past our store. A flag that is not there is made. */
  readonly others: OtherPeople;
  close(): Promise<void>;
}

export interface OtherPeople {
  setPercent(key: string, percent: number): Promise<void>;
  switchOff(key: string): Promise<void>;
  /** Gives it a rule that Holdpoint cannot read. */
  spoilRule(key: string): Promise<void>;
}

/** What differs from store to store: the names a flag may have. */
export interface ContractTerms {
  readonly oddKeys: readonly string[];
}

export const key = 'reporting-unified';
export const owner = 'rollout/production/reporting-unified@run-1';
export const other = 'rollout/production/reporting-unified@run-2';
const said = { by: 'dana', reason: 'a test' };
const safeState = { percent: 0, set: {} } as const;

export const claim = (request: Partial<ClaimRequest> = {}): ClaimRequest => ({
  key,
  owner,
  replaces: null,
  safeState,
  ...said,
  ...request,
});
export const flip = (request: Pick<FlipRequest, 'percent' | 'expectedRevision'> & Partial<FlipRequest>) => ({
  key,
  owner,
  fence: 1,
  ...said,
  ...request,
});
export const back = (request: Partial<SafeStateRequest> = {}): SafeStateRequest => ({
  key,
  owner,
  safeState,
  fence: 1,
  asked: 'person',
  ...said,
  ...request,
});

type Written = Extract<WriteOutcome, { kind: 'written' }>;

/** The outcome of a write that must have been taken. */
export async function taken(outcome: Promise<WriteOutcome>): Promise<Written> {
  const one = await outcome;
  if (one.kind === 'refused') throw new Error(`refused: ${one.why}`);
  return one;
}

/** Claims, then flips to each percent in turn. */
export async function climb(store: FlagStore, ...percents: readonly number[]): Promise<Written> {
  let last = await taken(store.claim(claim()));
  for (const percent of percents) {
    last = await taken(store.flip(flip({ percent, expectedRevision: last.receipt.revision })));
  }
  return last;
}

const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;

export const oddKeys = ['__proto__', 'constructor', 'a/b "c" é', ' '];

export function flagStoreContract(
  name: string,
  open: () => Promise<FlagStoreUnderTest>,
  terms: ContractTerms = { oddKeys },
): void {
  let opened: FlagStoreUnderTest;
  let store: FlagStore;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.close());

  describe(`flag store contract: ${name}`, () => {
    claiming(() => store);
    flipping(
      () => store,
      () => opened,
    );
    goingBack(
      () => store,
      () => opened,
    );
    listing(
      () => store,
      () => opened,
    );
    naming(() => store, terms);
  });
}

function claiming(store: () => FlagStore): void {
  it('knows nothing of a flag that is not there', async () => {
    expect(await store().read(key)).toEqual({
      key,
      exists: false,
      percent: 0,
      fence: 0,
      revision: 'none',
      owner: null,
      safeState: null,
      safeValuesHeld: true,
      breakGlass: null,
    });
  });

  it('claims a missing flag: made at 0, fence raised, owner and safe state kept', async () => {
    const wanted = { percent: 0, set: { 'reporting-only': false } } as const;
    const { receipt, record } = await taken(store().claim(claim({ safeState: wanted })));
    expect(receipt).toMatchObject({ state: 'proven', percent: 0, fence: 1, writtenAt: instant, provenAt: instant });
    expect(record).toMatchObject({ exists: true, percent: 0, fence: 1, owner, safeState: wanted });
    expect(await store().read(key)).toEqual(record);
    expect(receipt).toMatchObject({ revision: record.revision, ...said });
  });

  it('answers a repeated claim of the same owner without another write', async () => {
    const first = await taken(store().claim(claim()));
    const again = await taken(store().claim(claim()));
    expect(again.record).toEqual(first.record);
    expect(again.receipt.fence).toBe(1);
  });

  it('refuses a claim while another owner is not known to be closed', async () => {
    await store().claim(claim());
    expect(await store().claim(claim({ owner: other }))).toMatchObject({ kind: 'refused', why: 'owned-by-another' });
    expect(await store().claim(claim({ owner: other, replaces: 'somebody-else' }))).toMatchObject({
      kind: 'refused',
      why: 'owned-by-another',
      record: { owner },
    });
    const { receipt } = await taken(store().claim(claim({ owner: other, replaces: owner })));
    expect(receipt.fence).toBe(2);
  });

  it('refuses a claim that finds users in the flag, whoever owns it', async () => {
    await climb(store(), 10);
    expect(await store().claim(claim({ owner: other, replaces: owner }))).toMatchObject({ why: 'not-at-zero' });
  });
}

function flipping(store: () => FlagStore, opened: () => FlagStoreUnderTest): void {
  it('flips at its own fence and revision, and proves it', async () => {
    const fine = store().capabilities.percentStep < 1 ? 33.333 : 33;
    const { record, receipt } = await climb(store(), 10, 25, fine, 50, 100);
    expect(record).toMatchObject({ percent: 100, fence: 1, owner });
    expect(receipt).toMatchObject({ state: 'proven', percent: 100, fence: 1 });
  });

  it('recognises a flip repeated after a lost answer', async () => {
    const { record } = await climb(store(), 10);
    const again = await taken(store().flip(flip({ percent: 10, expectedRevision: 'an older one' })));
    expect(again.record).toEqual(record);
  });

  it('case 48: refuses a flip that names no revision', async () => {
    await climb(store(), 10);
    expect(await store().flip(flip({ percent: 25, expectedRevision: '' }))).toMatchObject({ why: 'changed-since' });
    expect(await store().read(key)).toMatchObject({ percent: 10 });
  });

  it('case 47: refuses a flip at another fence, of another owner, or over an edit, and says what is there instead', async () => {
    const { record } = await climb(store(), 10);
    const asked = { percent: 25, expectedRevision: record.revision };
    expect(await store().flip(flip({ ...asked, fence: 0 }))).toMatchObject({ why: 'fence-lost' });
    expect(await store().flip(flip({ ...asked, fence: 2 }))).toMatchObject({ why: 'fence-lost' });
    expect(await store().flip(flip({ ...asked, owner: other }))).toMatchObject({ why: 'owned-by-another' });
    expect(await store().flip(flip({ ...asked, expectedRevision: 'older' }))).toMatchObject({ why: 'changed-since' });
    expect(await store().flip(flip({ ...asked, key: 'never-claimed' }))).toMatchObject({ why: 'fence-lost' });
    expect(await store().read(key)).toEqual(record);
  });

  it("sees somebody else's edit: percent, revision, and a rule it cannot read", async () => {
    const { record } = await climb(store(), 10);
    const { others } = opened();
    await others.setPercent(key, 100);
    const edited = await store().read(key);
    expect(edited).toMatchObject({ percent: 100, fence: 1, owner });
    expect(edited.revision).not.toBe(record.revision);
    await others.switchOff(key);
    expect(await store().read(key)).toMatchObject({ percent: 0 });
    await others.spoilRule(key);
    const unreadable = await store().read(key);
    expect(unreadable.percent).toBeNull();
    const asked = flip({ percent: 25, expectedRevision: unreadable.revision });
    expect(await store().flip(asked)).toMatchObject({ why: 'unreadable-rule' });
    expect(await store().claim(claim())).toMatchObject({ why: 'unreadable-rule' });
    expect((await taken(store().writeSafeState(back()))).record).toMatchObject({ percent: 0, fence: 2 });
  });
}

function goingBack(store: () => FlagStore, opened: () => FlagStoreUnderTest): void {
  const set = { 'reporting-only': false, 'old-editor': true };

  it('writes the safe state at the next fence and holds its values', async () => {
    await climb(store(), 10, 50);
    const { receipt, record } = await taken(store().writeSafeState(back({ safeState: { percent: 0, set } })));
    expect(receipt).toMatchObject({ state: 'proven', percent: 0, fence: 2 });
    expect(record).toMatchObject({ percent: 0, fence: 2, safeState: { percent: 0, set }, safeValuesHeld: true });
    expect(await store().read('old-editor')).toMatchObject({ exists: true, percent: 100, owner: null });
    expect(await store().read('reporting-only')).toMatchObject({ exists: true, percent: 0, owner: null });
  });

  it('lets no flip land after a rollback', async () => {
    const { record } = await climb(store(), 10);
    await store().writeSafeState(back());
    const late = flip({ percent: 25, expectedRevision: record.revision });
    expect(await store().flip(late)).toMatchObject({ kind: 'refused', why: 'fence-lost' });
    expect(await store().read(key)).toMatchObject({ percent: 0, fence: 2 });
  });

  it('never refuses a person, not even one who owns nothing, over a flag that is not there', async () => {
    const stranger = back({ owner: 'break-glass:lee', key: 'new', fence: 0 });
    expect((await taken(store().writeSafeState(stranger))).record).toMatchObject({
      exists: true,
      percent: 0,
      fence: 1,
      owner: 'break-glass:lee',
    });
  });

  it('by store and key alone goes back to the safe state that the claim recorded', async () => {
    await taken(store().claim(claim({ safeState: { percent: 0, set } })));
    const { receipt, record } = await taken(store().writeSafeState(back({ owner: other, safeState: null, fence: 0 })));
    expect(receipt).toMatchObject({ state: 'proven', percent: 0, fence: 2 });
    expect(record).toMatchObject({ owner: other, safeState: { percent: 0, set }, safeValuesHeld: true });
  });

  it('by store and key alone makes no flag that is not there', async () => {
    const typo = back({ owner: other, key: 'new', safeState: null, fence: 0 });
    expect(await store().writeSafeState(typo)).toMatchObject({ kind: 'refused', why: 'no-such-flag' });
    expect(await store().read('new')).toMatchObject({ exists: false });
  });

  it('remembers who broke the glass, whoever writes later', async () => {
    const breakGlass = { id: '7', environment: 'production', by: 'lee', reason: 'down', at: '2026-12-01T03:00:00Z' };
    await taken(store().writeSafeState(back({ owner: 'break-glass:7', fence: 0, breakGlass })));
    expect(await store().read(key)).toMatchObject({ percent: 0, breakGlass });
    await taken(store().claim(claim({ replaces: 'break-glass:7' })));
    expect(await store().read(key)).toMatchObject({ owner, breakGlass });
  });

  it('goes back by itself only while it owns the flag', async () => {
    await climb(store(), 10);
    const automatic = back({ asked: 'automatic', owner: other });
    expect(await store().writeSafeState(automatic)).toMatchObject({ kind: 'refused', why: 'owned-by-another' });
    expect(await store().read(key)).toMatchObject({ percent: 10 });
    expect((await taken(store().writeSafeState({ ...automatic, owner }))).record.percent).toBe(0);
  });

  it('recognises a rollback repeated after a lost answer, but writes again when the state is not safe any more', async () => {
    await climb(store(), 10);
    const wanted = back({ safeState: { percent: 0, set } });
    const first = await taken(store().writeSafeState(wanted));
    expect((await taken(store().writeSafeState(wanted))).record).toEqual(first.record);
    await opened().others.switchOff('old-editor');
    expect(await store().read(key)).toMatchObject({ percent: 0, safeValuesHeld: false });
    expect((await taken(store().writeSafeState(wanted))).record).toMatchObject({ fence: 3, safeValuesHeld: true });
  });
}

function naming(store: () => FlagStore, terms: ContractTerms): void {
  it.each(terms.oddKeys)('works for a flag called %j', async (name) => {
    await taken(store().claim(claim({ key: name })));
    const [pinned = ''] = terms.oddKeys;
    const set = name === pinned ? {} : Object.fromEntries([[pinned, true]]);
    const { record } = await taken(store().writeSafeState(back({ key: name, safeState: { percent: 0, set } })));
    expect(record).toMatchObject({ key: name, exists: true, percent: 0, fence: 2, safeValuesHeld: true });
    expect(await store().read(name)).toEqual(record);
  });
}

function listing(store: () => FlagStore, opened: () => FlagStoreUnderTest): void {
  it('lists nothing before there is a flag', async () => {
    expect(await store().list()).toEqual([]);
  });

  it('lists every flag as it reads it: ours, those of others, and those it cannot read', async () => {
    await climb(store(), 25);
    await store().claim(claim({ key: 'another' }));
    await opened().others.spoilRule('strange');
    const listed = await store().list();
    expect(listed.map((record) => record.key).toSorted()).toEqual(['another', key, 'strange']);
    for (const record of listed) expect(record).toEqual(await store().read(record.key));
    expect(listed.find((record) => record.key === key)).toMatchObject({ exists: true, percent: 25, owner });
    expect(listed.find((record) => record.key === 'strange')).toMatchObject({ percent: null, owner: null });
  });

  it('lists nothing that a read made up', async () => {
    await store().read('never-there');
    expect(await store().list()).toEqual([]);
  });
}
