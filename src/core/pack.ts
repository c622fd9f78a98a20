/** A pack as it was found, and what was found out about it. */
import type { BadEntry } from './read-audit.js';
import type { PackFile } from './named-file.js';

export interface Pack {
  /** By path in the pack, such as `samples/….json`. `audit.jsonl` is among them, else it is no pack. */
  readonly files: ReadonlyMap<string, PackFile>;
  /** The name of its folder, which is the run's id where the archive made it. */
  readonly folder: string;
}

/** What the pack is held against from outside of it. */
export type Anchor =
  | { readonly kind: 'none' }
  /** `from`: in words, behind "the head". */
  | { readonly kind: 'head'; readonly head: string; readonly from: string };

export interface PackFinding {
  /** Path in the pack. */
  readonly file: string;
  /** The first bad entry; null where it is about the file as a whole. */
  readonly seq: BadEntry['seq'] | null;
  /** Behind the file and the entry, as a sentence. */
  readonly problem: string;
  readonly advice: string;
}

export interface PackVerdict {
  /** Nothing was found. */
  readonly whole: boolean;
  readonly rollout: string | null;
  readonly runId: string | null;
  readonly plan: string | null;
  readonly planDigest: string | null;
  readonly startedAt: string | null;
  /** Of the newest entry. */
  readonly lastAt: string | null;
  /** `open` when nothing says that the rollout has ended; `unknown` behind a bad entry. */
  readonly outcome: string;
  /** Good ones, up to the first bad one. */
  readonly entries: number;
  /** Verdicts whose evidence was put together again and gave the digest in the audit. */
  readonly evidenceChecked: number;
  /** Of the last good entry. */
  readonly head: string;
  /** Whether something from outside the pack vouches for its end. */
  readonly anchored: boolean;
  readonly findings: readonly PackFinding[];
  /** What was never kept, and says so: no forgery, but nothing to check either. */
  readonly gaps: readonly { readonly seq: number; readonly sentence: string }[];
  /** What an auditor must know besides. */
  readonly notes: readonly string[];
}
