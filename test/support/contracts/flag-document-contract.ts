/** What every store in a flagd document keeps to beside the contract of all stores: the rest of the document stays as it was. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FlagDocument } from '../../../src/adapters/flags/flag-document.js';
import type { FlagStore } from '../../../src/adapters/flags/flag-store.js';
import { back, claim, flip, key, taken, type FlagStoreUnderTest, type OtherPeople } from './flag-store-contract.js';

export interface DocumentStoreUnderTest extends FlagStoreUnderTest {
  document(): Promise<FlagDocument>;
  replaceDocument(document: FlagDocument): Promise<void>;
}

type Document = Pick<DocumentStoreUnderTest, 'document' | 'replaceDocument'>;

export function editDocument({ document, replaceDocument }: Document): OtherPeople {
  const edit = async (name: string, members: object): Promise<void> => {
    const before = await document();
    const flag = { state: 'ENABLED', variants: { on: true, off: false }, ...before.flags[name], ...members };
    await replaceDocument({ ...before, flags: { ...before.flags, [name]: flag } });
  };
  return {
    setPercent: (name, percent) => edit(name, { defaultVariant: percent === 100 ? 'on' : 'off', targeting: {} }),
    switchOff: (name) => edit(name, { state: 'DISABLED' }),
    spoilRule: (name) => edit(name, { state: 'ENABLED', targeting: { if: [true, 'on', 'off'] } }),
  };
}

export function flagDocumentContract(name: string, open: () => Promise<DocumentStoreUnderTest>): void {
  let opened: DocumentStoreUnderTest;
  let store: FlagStore;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.close());

  describe(`flag document contract: ${name}`, () => {
    it('pins the flags of a safe state for everybody, or nobody', async () => {
      await taken(store.claim(claim()));
      const set = { 'reporting-only': false, 'old-editor': true };
      await taken(store.writeSafeState(back({ safeState: { percent: 0, set } })));
      const { flags } = await opened.document();
      expect(flags['old-editor']).toMatchObject({ state: 'ENABLED', defaultVariant: 'on', targeting: {} });
      expect(flags['reporting-only']).toMatchObject({ state: 'ENABLED', defaultVariant: 'off', targeting: {} });
    });

    it('leaves every other flag and key as it was', async () => {
      const document = {
        $schema: 'https://flagd.dev/schema/v0/flags.json',
        metadata: { team: 'reporting' },
        flags: {
          first: { state: 'ENABLED', variants: { a: 'x', b: 'y' }, defaultVariant: 'a' },
          [key]: {
            state: 'ENABLED',
            variants: { on: true, off: false },
            defaultVariant: 'off',
            metadata: { contact: 'lee', 'holdpoint.fence': 6 },
            note: 'kept',
          },
          last: { state: 'DISABLED', variants: { a: 1 }, defaultVariant: 'a' },
        },
        $evaluators: { staff: { in: ['@example.com', { var: 'email' }] } },
      };
      await opened.replaceDocument(document);
      const { receipt } = await taken(store.claim(claim()));
      expect(receipt.fence).toBe(7);
      await taken(store.flip(flip({ percent: 10, fence: 7, expectedRevision: receipt.revision })));
      await taken(store.writeSafeState(back()));
      const { flags, ...rest } = await opened.document();
      const { flags: before, ...restBefore } = document;
      expect(rest).toEqual(restBefore);
      expect(Object.keys(flags)).toEqual(Object.keys(before));
      expect([flags['first'], flags['last']]).toEqual([before.first, before.last]);
      expect(flags[key]).toMatchObject({ note: 'kept', metadata: { contact: 'lee', 'holdpoint.fence': 8 } });
    });
  });
}
