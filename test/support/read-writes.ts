/** The write log of the file store, read back: every write, oldest first. */
import { readFile } from 'node:fs/promises';
import type { RecordedWrite } from './invariants/story.js';

export interface LoggedWrite extends RecordedWrite {
  readonly key: string;
}

interface Side {
  readonly percent: number | null;
  readonly fence: number;
  readonly owner: string | null;
}

/** A line that a killed process left half written says nothing and is skipped, as its readers must. */
export async function readWrites(flagsPath: string): Promise<LoggedWrite[]> {
  const text = await readFile(`${flagsPath}.log.jsonl`, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').flatMap((line) => {
    const { key, action, by, before, after } = parse(line);
    if (key === undefined || before === undefined || after === undefined) return [];
    const { percent, fence, owner } = after;
    return [{ key, action: action ?? '', by: by ?? '', before: before.percent, percent, fence, owner }];
  });
}

interface Line {
  readonly key: string;
  readonly action: string;
  readonly by: string;
  readonly before: Side;
  readonly after: Side;
}

function parse(line: string): Partial<Line> {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return {};
  }
}
