/** The shipped fake: the file store's decisions without the file. For tests, rehearsals and plans tried at a desk. */
import type { AdapterError } from '../adapter-error.js';
import { readRecord, readRecords, type FlagDocument } from './flag-document.js';
import { fullCapabilities, type FlagStore, type WriteOutcome } from './flag-store.js';
import { claimStep, flipStep, receiptFor, safeStateStep, takeStep, type FlagAction, type Step } from './write-step.js';

export interface MemoryWrite {
  readonly action: FlagAction;
  readonly key: string;
  /** The percent that was there. */
  readonly before: number | null;
  readonly percent: number | null;
  readonly fence: number;
  /** After the write. */
  readonly owner: string | null;
  readonly by: string;
  readonly reason: string;
}

export interface MemoryFlagStore extends FlagStore {
  /** Every write, oldest first. */
  readonly writes: readonly MemoryWrite[];
  document(): FlagDocument;
  /** Somebody else's edit. */
  replaceDocument(document: FlagDocument): void;
  /** Every call fails with this until it is set to null. */
  breakWith(error: AdapterError | null): void;
}

export function openMemoryFlagStore(now: () => number = Date.now): MemoryFlagStore {
  let document: FlagDocument = { flags: {} };
  let broken: AdapterError | null = null;
  const writes: MemoryWrite[] = [];
  const run = async (step: Step): Promise<WriteOutcome> => {
    await Promise.resolve();
    if (broken !== null) throw broken;
    const at = new Date(now()).toISOString();
    const result = takeStep(document, step, at);
    if (result.kind === 'done') return result.outcome;
    document = result.document;
    const { percent, fence, owner } = result.after;
    const { action, key, by, reason } = step;
    writes.push({ action, key, before: result.before.percent, percent, fence, owner, by, reason });
    return {
      kind: 'written',
      receipt: receiptFor(result.after, step, { writtenAt: at, provenAt: at }),
      record: result.after,
    };
  };
  return {
    capabilities: fullCapabilities,
    writes,
    document: () => document,
    replaceDocument: (next) => {
      document = next;
    },
    breakWith: (error) => {
      broken = error;
    },
    read: async (key) => {
      await Promise.resolve();
      if (broken !== null) throw broken;
      return readRecord(document, key);
    },
    list: async () => {
      await Promise.resolve();
      if (broken !== null) throw broken;
      return readRecords(document);
    },
    claim: (request) => run(claimStep(request)),
    flip: (request) => run(flipStep(request)),
    writeSafeState: (request) => run(safeStateStep(request)),
  };
}
