/** The flag as this service obeys it: asked through the flag client, with what it was at since when. */
import { readFileSync } from 'node:fs';
import { tellExposures, type Exposure } from '../../flag-client/exposures.js';
import { createFlags } from '../../flag-client/node/create-flags.js';
import type { Variant } from './failure-knobs.js';
import { percentIn, type FlagDocument } from './flag-percent.js';

export interface FlagChange {
  /** ISO instant from which requests were served by it. */
  readonly at: string;
  readonly percent: number;
}

export interface ObeyedFlag {
  /** @param user - empty for visitors without a name: they are one user and share one answer. */
  variantFor(user: string): Variant;
  /** The same, asked by who does not use it: no exposure. */
  variantOf(user: string): Variant;
  percent(): number;
  /** Why the flag cannot be obeyed now; null when it can. Meanwhile the last good document holds; a flag that is broken in it is off. */
  problem(): string | null;
  /** Oldest first, the newest hundred; the first is what was obeyed at the start. */
  changes(): readonly FlagChange[];
  close(): void;
}

export interface ObeyOptions {
  /** Of the flag document. */
  readonly path: string;
  readonly key: string;
  readonly onChange: (change: FlagChange) => void;
  readonly onProblem: (problem: string | null) => void;
  readonly onExposure: (exposure: Exposure) => void;
}

const changesKept = 100;

/** Resolves when the document is obeyed, or it is known why there is none. */
export async function obeyFlag({ path, key, onChange, onProblem, onExposure }: ObeyOptions): Promise<ObeyedFlag> {
  const changes: FlagChange[] = [];
  const percent = (): number => changes.at(-1)?.percent ?? 0;
  const note = (next: number): void => {
    if (changes.length > 0 && next === percent()) return;
    const change = { at: new Date().toISOString(), percent: next };
    changes.push(change);
    if (changes.length > changesKept) changes.shift();
    onChange(change);
  };

  const flags = createFlags({ file: path, onProblem });
  const brokenFlag = (): string | null => {
    const { errorCode, errorMessage = '' } = flags.details(key, false, {});
    return errorCode === undefined || errorCode === 'FLAG_NOT_FOUND' ? null : `the flag: ${errorMessage}`;
  };
  flags.onChange(() => note(brokenFlag() === null ? (percentInFile(path, key) ?? percent()) : 0));
  await flags.ready;
  if (changes.length === 0) note(0);

  const asked = tellExposures(flags, onExposure);
  return {
    variantFor: (user) => (asked.get(key, false, { targetingKey: user }) ? 'on' : 'off'),
    variantOf: (user) => (flags.get(key, false, { targetingKey: user }) ? 'on' : 'off'),
    percent,
    problem: () => flags.status().problem ?? brokenFlag(),
    changes: () => changes,
    close: () => flags.close(),
  };
}

/** The client says who is in, not how many: that is for people who watch, and stands in the same file. */
function percentInFile(path: string, key: string): number | null {
  try {
    return percentIn(JSON.parse(readFileSync(path, 'utf8')) as FlagDocument, key);
  } catch {
    return null;
  }
}
