/** Flags in a file that flagd and OFREP clients read: replaced whole, fsynced, locked, with a write log beside it. */
import type { FlagRecord } from '../../core/flag-record.js';
import { longestText } from '../../flag-client/flag-set.js';
import { AdapterError } from '../adapter-error.js';
import { fileTrouble } from '../file-trouble.js';
import { replaceFile } from '../replace-file.js';
import { documentPath, removeStrayWrites, temporaryPath } from './document-path.js';
import { openDoubts, type Doubts } from './doubtful-document.js';
import { lockFile, type FileLock } from './file-lock.js';
import { isRollback, openErrands, takeSteps, type Errand, type TakenSteps } from './errands.js';
import { readRecord, readRecords, renderFlagDocument, type FlagDocument } from './flag-document.js';
import { fullCapabilities, type FlagStore, type WriteOutcome } from './flag-store.js';
import { parseOnce } from './parse-once.js';
import { readBytes, settledFile } from './settled-file.js';
import { takeTurn } from './turns.js';
import { logWrites } from './write-log.js';
import { claimStep, flipStep, proves, receiptFor, safeStateStep, type Step } from './write-step.js';

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
  readonly errands: ReturnType<typeof openErrands>;
  readonly doubts: Doubts;
}

export function openFileFlagStore(options: FileFlagStoreOptions): FlagStore {
  const adapter = `flag store ${options.id}`;
  const parts = { adapter, parseBytes: parseOnce(), errands: openErrands(), doubts: openDoubts(adapter) };
  const store: FileStore = { ...options, ...parts };
  const readSettled = settledFile(options.path);
  const run = (step: Step): Promise<WriteOutcome> => explained(store, () => write(store, step));
  return {
    capabilities: fullCapabilities,
    read: (key) => explained(store, async () => readRecord(parse(store, options.path, await readSettled()), key)),
    list: () => explained(store, () => listRecords(store)),
    claim: (request) => run(claimStep(request)),
    flip: (request) => run(flipStep(request)),
    writeSafeState: (request) => run(safeStateStep(request)),
  };
}

async function explained<T>(store: FileStore, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Of the call stack, by a document that not even its readers can walk through.
    if (error instanceof RangeError) throw broken(store, store.path, 'is nested too deep to be read');
    throw fileTrouble(store.adapter, `The flag document ${store.path} could not be used`, error);
  }
}

/** Whoever looks over all flags is told of a doubt; who reads one, perhaps to take it back, is not held up by it. */
async function listRecords(store: FileStore): Promise<readonly FlagRecord[]> {
  const bytes = await readBytes(store.path);
  const document = parse(store, store.path, bytes);
  store.doubts.refuse(store.path, bytes);
  return readRecords(document);
}

function parse(store: FileStore, path: string, bytes: Buffer): FlagDocument {
  const document = store.parseBytes(bytes);
  if (document !== null) return document;
  throw broken(store, path, 'is not a flag document (JSON with "flags")');
}

/** Even a rollback stops here: writing a fresh document would wipe every other flag in the broken one. */
const broken = ({ adapter }: FileStore, path: string, what: string): AdapterError =>
  new AdapterError(
    adapter,
    'corrupt',
    `${path} ${what}; it was left untouched. Restore it from its last good version.`,
  );

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
  // Before anything else is awaited: steps are written in the order they were asked for.
  const errand = store.errands.add(step);
  const endTurn = await takeTurn(store.path, { first: patience.breakIt, patienceMs: patience.leftMs() });
  // Its own answer is all that it waits for, not what it does for others.
  void writeWaiting(store, { errand, patience, hasTurn: endTurn !== null }).finally(() => endTurn?.());
  return errand.outcome;
}

interface Writer {
  readonly errand: Errand;
  readonly patience: Patience;
  readonly hasTurn: boolean;
}

/** Ours with all that wait, unless whoever had the turn before has taken it along: then that one answers. */
async function writeWaiting(store: FileStore, { errand, patience, hasTurn }: Writer): Promise<void> {
  // Who is out of patience, and so about to fail at the lock of its own process, takes nobody along who still has some.
  const isOurs = (other: Errand): boolean => hasTurn || other === errand || (patience.breakIt && isRollback(other));
  while (!errand.taken) {
    let errands: readonly Errand[] = store.errands.take(isOurs);
    while (errands.length > 0) errands = await writeBatch(store, { errands, patience });
  }
}

interface Batch {
  readonly errands: readonly Errand[];
  readonly patience: Patience;
}

/** Settles all but those it answers with, which another batch has to write. Never throws. */
async function writeBatch(store: FileStore, batch: Batch): Promise<readonly Errand[]> {
  try {
    const { answers, postponed } = await writeUntilLanded(store, await documentPath(store.path), batch);
    for (const { errand, outcome } of answers) errand.resolve(outcome);
    return postponed;
  } catch (error) {
    for (const errand of batch.errands) errand.reject(error);
    return [];
  }
}

interface Answered {
  readonly answers: readonly { readonly errand: Errand; readonly outcome: WriteOutcome }[];
  readonly postponed: readonly Errand[];
}

/** From the start again whenever somebody broke the lock or edited the document: what they wrote decides the answer. */
async function writeUntilLanded(
  store: FileStore,
  target: string,
  { errands, patience: { endsAtMs, leftMs, ...patience } }: Batch,
): Promise<Answered> {
  const { adapter } = store;
  const breakIt = patience.breakIt || errands.some(isRollback);
  do {
    const lock = await lockFile(`${target}.lock`, { adapter, patienceMs: leftMs(), breakIt });
    try {
      const answered = await writeOnce(store, target, { errands, lock });
      if (answered !== null) return answered;
    } finally {
      await lock.release();
    }
  } while (performance.now() < endsAtMs);
  // No time is left to write, but a refusal needs none: whoever was overtaken is told by what, however long it stood still.
  const { done, writes, postponed } = takeSteps(parse(store, target, await readBytes(target)), errands, now());
  if (writes.length === 0) return { answers: done, postponed };
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
  { errands, lock }: { readonly errands: readonly Errand[]; readonly lock: FileLock },
): Promise<Answered | null> {
  await removeStrayWrites(target);
  const bytes = await readBytes(target);
  const before = parse(store, target, bytes);
  const goesUp = !errands.some(isRollback);
  if (goesUp) store.doubts.refuse(target, bytes);
  const { document, done, writes, postponed } = takeSteps(before, errands, now());
  if (writes.length === 0) return { answers: done, postponed };
  const text = renderFlagDocument(document);
  if (goesUp) store.doubts.take(target, text);
  const landed = await replaceFile(target, text, {
    temporary: temporaryPath(target, lock.id),
    // The lock comes last: only between that question and the rename could a broken lock still go unnoticed.
    mayLand: async () => (await readBytes(target)).equals(bytes) && (await lock.isHeld()),
  });
  if (!landed) return null;
  if (text.length > longestText)
    store.onTrouble(
      `${target} was written, but those who ask flags keep what they hold: it is longer than 4 MiB. Take out what is not needed, now.`,
    );
  return { answers: [...done, ...(await proveWrites(store, target, writes))], postponed };
}

async function proveWrites(
  store: FileStore,
  target: string,
  writes: TakenSteps['writes'],
): Promise<Answered['answers']> {
  const writtenAt = now();
  const readBack = parse(store, target, await readBytes(target));
  const readAt = now();
  const lines = writes.map(({ errand, before, after }) => ({ step: errand.step, at: writtenAt, before, after }));
  // The flags are durable by now: a log that cannot be written is a loss, but never a reason to fail a rollback.
  await logWrites(`${target}.log.jsonl`, lines).catch((error: unknown) =>
    store.onTrouble(fileTrouble(store.adapter, `The write log ${target}.log.jsonl did not take a line`, error).message),
  );
  return writes.map(({ errand, after }) => {
    const record = readRecord(readBack, errand.step.key);
    const receipt = receiptFor(after, errand.step, { writtenAt, provenAt: proves(record, after) ? readAt : null });
    return { errand, outcome: { kind: 'written', receipt, record } };
  });
}

const now = (): string => new Date().toISOString();
