/** Flags in a file that flagd and OFREP clients read: replaced whole, fsynced, locked, with a write log beside it. */
import { readFile } from 'node:fs/promises';
import { AdapterError } from '../adapter-error.js';
import { fileTrouble } from '../file-trouble.js';
import { replaceFile } from '../replace-file.js';
import { documentPath, removeStrayWrites, temporaryPath } from './document-path.js';
import { lockFile, type FileLock } from './file-lock.js';
import { readRecord, readRecords, renderFlagDocument, type FlagDocument } from './flag-document.js';
import type { FlagStore, WriteOutcome } from './flag-store.js';
import { parseOnce } from './parse-once.js';
import { takeTurn } from './turns.js';
import { logWrite } from './write-log.js';
import { claimStep, flipStep, proves, receiptFor, safeStateStep, takeStep, type Step } from './write-step.js';

/** A rollback waits this long for a live holder, then breaks the lock. */
const rollbackPatienceMs = 500;
/** Even when our turn took that long: a write of another process that is going on takes a few milliseconds. */
const leastPatienceMs = 100;
const patienceMs = 1_500;

export interface FileFlagStoreOptions {
  /** The store's id, for messages. */
  readonly id: string;
  /** The flag document; made at the first claim. */
  readonly path: string;
  /** Told in a sentence what went wrong without failing a write: the write log would not take a line. */
  readonly onTrouble: (sentence: string) => void;
}

interface FileStore extends FileFlagStoreOptions {
  readonly adapter: string;
  readonly parseBytes: (bytes: Buffer) => FlagDocument | null;
}

export function openFileFlagStore(options: FileFlagStoreOptions): FlagStore {
  const store: FileStore = { ...options, adapter: `flag store ${options.id}`, parseBytes: parseOnce() };
  const run = (step: Step): Promise<WriteOutcome> => explained(store, () => write(store, step));
  return {
    capabilities: { compareAndSet: true, fence: true, readBack: true },
    read: (key) => explained(store, async () => readRecord(await readDocument(store, options.path), key)),
    list: () => explained(store, async () => readRecords(await readDocument(store, options.path))),
    claim: (request) => run(claimStep(request)),
    flip: (request) => run(flipStep(request)),
    writeSafeState: (request) => run(safeStateStep(request)),
  };
}

async function explained<T>(store: FileStore, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileTrouble(store.adapter, `The flag document ${store.path} could not be used`, error);
  }
}

async function readBytes(path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
}

const readDocument = async (store: FileStore, path: string): Promise<FlagDocument> =>
  parse(store, path, await readBytes(path));

function parse({ adapter, parseBytes }: FileStore, path: string, bytes: Buffer): FlagDocument {
  const document = parseBytes(bytes);
  if (document !== null) return document;
  // Even a rollback stops here: writing a fresh document would wipe every other flag in the broken one.
  throw new AdapterError(
    adapter,
    'corrupt',
    `${path} is not a flag document (JSON with "flags"); it was left untouched. Restore it from its last good version.`,
  );
}

/** The time limits of one write: together with the write itself, below the two seconds that it may take. */
interface Patience {
  readonly breakIt: boolean;
  readonly endsAtMs: number;
  /** For a live holder of the lock, or for our turn. */
  readonly leftMs: () => number;
}

function patienceFor({ action }: Step): Patience {
  const breakIt = action === 'rollback';
  const startedAtMs = performance.now();
  const until = startedAtMs + (breakIt ? rollbackPatienceMs : patienceMs);
  return {
    breakIt,
    endsAtMs: startedAtMs + patienceMs,
    leftMs: () => Math.max(leastPatienceMs, until - performance.now()),
  };
}

async function write(store: FileStore, step: Step): Promise<WriteOutcome> {
  const patience = patienceFor(step);
  const target = await documentPath(store.path);
  const endTurn = await takeTurn(target, { first: patience.breakIt, patienceMs: patience.leftMs() });
  try {
    return await writeUntilLanded(store, target, { step, patience });
  } finally {
    endTurn();
  }
}

/** From the start again whenever somebody broke the lock or edited the document: what they wrote decides the answer. */
async function writeUntilLanded(
  { adapter, ...store }: FileStore,
  target: string,
  { step, patience }: { readonly step: Step; readonly patience: Patience },
): Promise<WriteOutcome> {
  const { breakIt, endsAtMs, leftMs } = patience;
  do {
    const lock = await lockFile(`${target}.lock`, { adapter, patienceMs: leftMs(), breakIt });
    try {
      const outcome = await writeOnce({ adapter, ...store }, target, { step, lock });
      if (outcome !== null) return outcome;
    } finally {
      await lock.release();
    }
  } while (performance.now() < endsAtMs);
  throw new AdapterError(
    adapter,
    'locked',
    `${target} changed during every write for over ${patienceMs} ms; nothing was written. Try again; if it stays so, find out who else writes it.`,
  );
}

/** Null when nothing was written because the lock was lost or the document edited. */
async function writeOnce(
  store: FileStore,
  target: string,
  { step, lock }: { readonly step: Step; readonly lock: FileLock },
): Promise<WriteOutcome | null> {
  await removeStrayWrites(target);
  const bytes = await readBytes(target);
  const result = takeStep(parse(store, target, bytes), step, now());
  if (result.kind === 'done') return result.outcome;
  const landed = await replaceFile(target, renderFlagDocument(result.document), {
    temporary: temporaryPath(target, lock.id),
    // The lock comes last: only between that question and the rename could a broken lock still go unnoticed.
    mayLand: async () => (await readBytes(target)).equals(bytes) && (await lock.isHeld()),
  });
  if (!landed) return null;
  const writtenAt = now();
  const readBack = readRecord(await readDocument(store, target), step.key);
  const provenAt = proves(readBack, result.after) ? now() : null;
  // The flag is durable by now: a log that cannot be written is a loss, but never a reason to fail a rollback.
  await logWrite(`${target}.log.jsonl`, step, { at: writtenAt, before: result.before, after: result.after }).catch(
    (error: unknown) =>
      store.onTrouble(
        fileTrouble(store.adapter, `The write log ${target}.log.jsonl did not take a line`, error).message,
      ),
  );
  return { kind: 'written', receipt: receiptFor(result.after, step, { writtenAt, provenAt }), record: readBack };
}

const now = (): string => new Date().toISOString();
