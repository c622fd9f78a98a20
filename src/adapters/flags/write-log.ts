/** The write log beside a flag document: one JSON line a write, never rewritten. */
import { open } from 'node:fs/promises';
import type { FlagRecord } from '../../core/flag-record.js';
import type { Step } from './write-step.js';

export interface LoggedWrite {
  readonly step: Step;
  /** ISO instant. */
  readonly at: string;
  readonly before: FlagRecord;
  readonly after: FlagRecord;
}

export async function logWrites(path: string, writes: readonly LoggedWrite[]): Promise<void> {
  const lines = writes.map(({ step: { action, key, by, reason }, at, before, after }) =>
    JSON.stringify({ at, action, key, by, reason, before: brief(before), after: brief(after) }),
  );
  const file = await open(path, 'a+');
  try {
    const { size } = await file.stat();
    const last = await file.read({ buffer: Buffer.alloc(1), position: Math.max(0, size - 1) });
    // A process killed in the middle of its line must not spoil the next one.
    const torn = last.bytesRead === 1 && last.buffer[0] !== 0x0a;
    await file.appendFile(`${torn ? '\n' : ''}${lines.join('\n')}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

const brief = ({ percent, fence, revision, owner }: FlagRecord) => ({ percent, fence, revision, owner });
