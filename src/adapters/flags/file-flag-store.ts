/** Flags in a file that flagd and OFREP clients read: replaced whole, fsynced, locked, with a write log beside it. */
import { randomUUID } from 'node:crypto';
import { appendFile, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FlagRecord } from '../../core/flag-record.js';
import { AdapterError, type AdapterErrorReason } from '../adapter-error.js';
import { lockFile, type FileLock } from './file-lock.js';
import { parseFlagDocument, readRecord, renderFlagDocument, type FlagDocument } from './flag-document.js';
import type { FlagStore, WriteOutcome } from './flag-store.js';
import { claimStep, flipStep, proves, receiptFor, safeStateStep, takeStep, type Step } from './write-step.js';

/** A person's rollback waits this long for a live holder, then breaks the lock. */
const rollbackPatienceMs = 500;
const patienceMs = 1_500;

export interface FileFlagStoreOptions {
  /** The store's id, for messages. */
  readonly id: string;
  /** The flag document; made at the first claim. */
  readonly path: string;
}

export function openFileFlagStore({ id, path }: FileFlagStoreOptions): FlagStore {
  const adapter = `flag store ${id}`;
  const run = (step: Step, breakIt: boolean): Promise<WriteOutcome> =>
    explained(adapter, path, () => locked(adapter, path, { step, breakIt }));
  return {
    capabilities: { compareAndSet: true, fence: true, readBack: true },
    read: (key) => explained(adapter, path, async () => readRecord(await readDocument(adapter, path), key)),
    claim: (request) => run(claimStep(request), false),
    flip: (request) => run(flipStep(request), false),
    writeSafeState: (request) => run(safeStateStep(request), request.asked === 'person'),
  };
}

async function readDocument(adapter: string, path: string): Promise<FlagDocument> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const document = parseFlagDocument(text);
  // Even a rollback stops here: writing a fresh document would wipe every other flag in the broken one.
  if (document === null) {
    throw new AdapterError(
      adapter,
      'corrupt',
      `${path} is not a flag document (JSON with "flags"); it was left untouched. Restore it from its last good version.`,
    );
  }
  return document;
}

async function locked(
  adapter: string,
  path: string,
  { step, breakIt }: { step: Step; breakIt: boolean },
): Promise<WriteOutcome> {
  const target = await realpath(path).catch(() => path);
  const lock = await lockFile(`${target}.lock`, {
    patienceMs: breakIt ? rollbackPatienceMs : patienceMs,
    breakIt,
    adapter,
  });
  try {
    return await write(adapter, target, { step, lock });
  } finally {
    await lock.release();
  }
}

async function write(
  adapter: string,
  target: string,
  { step, lock }: { step: Step; lock: FileLock },
): Promise<WriteOutcome> {
  const at = (): string => new Date().toISOString();
  const result = takeStep(await readDocument(adapter, target), step, at());
  if (result.kind === 'done') return result.outcome;
  await replaceFile(target, renderFlagDocument(result.document), async () => {
    const now = readRecord(await readDocument(adapter, target), step.key);
    if ((await lock.isHeld()) && now.revision === result.before.revision && now.fence === result.before.fence) return;
    throw new AdapterError(adapter, 'locked', `${target} changed hands during the write; nothing was written.`);
  });
  const writtenAt = at();
  await log(target, step, { at: writtenAt, before: result.before, after: result.after });
  const readBack = readRecord(await readDocument(adapter, target), step.key);
  const provenAt = proves(readBack, result.after) ? at() : null;
  return { kind: 'written', receipt: receiptFor(result.after, step, { writtenAt, provenAt }), record: readBack };
}

/** Whole or not at all: temp file, fsync, last look, rename, directory fsync. Mode is kept. */
async function replaceFile(target: string, text: string, lastLook: () => Promise<void>): Promise<void> {
  const temporary = `${target}.${process.pid}.${randomUUID()}.tmp`;
  const mode = await stat(target).then(
    (stats) => stats.mode & 0o777,
    () => 0o644,
  );
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await lastLook();
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  const folder = await open(dirname(target), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

interface Logged {
  readonly at: string;
  readonly before: FlagRecord;
  readonly after: FlagRecord;
}

/** The flag is durable by now: a log that cannot be written is a loss, but never a reason to fail a rollback. */
async function log(target: string, step: Step, { at, before, after }: Logged): Promise<void> {
  const pick = ({ percent, fence, revision, owner }: FlagRecord) => ({ percent, fence, revision, owner });
  const { action, key, by, reason } = step;
  const line = { at, action, key, by, reason, before: pick(before), after: pick(after) };
  await appendFile(`${target}.log.jsonl`, `${JSON.stringify(line)}\n`).catch(() => undefined);
}

const reasons: Readonly<Record<string, readonly [AdapterErrorReason, string]>> = {
  ENOENT: ['not-configured', 'its folder does not exist; make it, or correct the path in the configuration'],
  ENOTDIR: ['not-configured', 'a part of its path is not a folder; correct the path in the configuration'],
  ENOSPC: ['no-space', 'the disk is full; free some space'],
  EDQUOT: ['no-space', 'the quota is used up; free some space'],
  EACCES: ['not-permitted', 'this process may not write there; give it the rights'],
  EPERM: ['not-permitted', 'this process may not write there; give it the rights'],
  EROFS: ['not-permitted', 'the file system is read-only'],
};

async function explained<T>(adapter: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AdapterError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    const [reason, why] = reasons[code] ?? ['unreachable', message];
    throw new AdapterError(adapter, reason, `The flag document ${path} could not be used: ${why}.`, { cause: error });
  }
}
