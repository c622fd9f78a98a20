/** Follows one flag in a file: obeys each good rule within milliseconds, keeps the last good one through everything else. */
import { readFileSync, watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';
import { nobody, percentOf, readFlagRule, type FlagRule, type ReadRule } from './flag-rule.js';

export interface FlagChange {
  /** ISO instant from which requests were served by it. */
  readonly at: string;
  readonly percent: number;
}

export interface FollowedFlag {
  rule(): FlagRule;
  percent(): number;
  /** Why the file cannot be obeyed now; null when it can. The last good rule holds meanwhile. */
  problem(): string | null;
  /** Oldest first, the newest hundred; the first is what was obeyed at the start. */
  changes(): readonly FlagChange[];
  close(): void;
}

export interface FollowOptions {
  readonly path: string;
  readonly key: string;
  readonly onChange: (change: FlagChange) => void;
  readonly onProblem: (problem: string) => void;
}

const changesKept = 100;
/** The notification is what makes it fast; this is for file systems and replaced folders that send none. */
const pollMs = 100;

export function followFlag({ path, key, onChange, onProblem }: FollowOptions): FollowedFlag {
  const changes: FlagChange[] = [];
  let rule = nobody;
  let problem: string | null = null;
  let seen: string | null = null;

  const obey = (next: FlagRule): void => {
    const moved = changes.length === 0 || percentOf(next) !== percentOf(rule);
    rule = next;
    if (!moved) return;
    const change = { at: new Date().toISOString(), percent: percentOf(next) };
    changes.push(change);
    if (changes.length > changesKept) changes.shift();
    onChange(change);
  };
  const look = (): void => {
    const text = readText(path);
    if (text !== null && text === seen) return;
    seen = text;
    const found: ReadRule = text === null ? { ok: false, problem: 'the file cannot be read' } : readFlagRule(text, key);
    if (!found.ok && found.problem !== problem) onProblem(found.problem);
    problem = found.ok ? null : found.problem;
    if (found.ok) obey(found.rule);
    else if (changes.length === 0) obey(nobody);
  };

  look();
  const stop = lookWhenChanged(path, look);
  return {
    rule: () => rule,
    percent: () => percentOf(rule),
    problem: () => problem,
    changes: () => changes,
    close: stop,
  };
}

/** At once and blocking: a small file, and no request may be served by a rule that was already replaced. */
function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Its folder is watched, not the file: a replaced file is another file, and its watcher would hear nothing. */
function lookWhenChanged(path: string, look: () => void): () => void {
  let watcher: FSWatcher | null = null;
  const unwatch = (): void => {
    watcher?.close();
    watcher = null;
  };
  const watchAgain = (): void => {
    try {
      watcher = watch(dirname(path), { persistent: false }, look);
      watcher.on('error', unwatch);
    } catch {
      watcher = null;
    }
  };
  watchAgain();
  const poll = setInterval(() => {
    look();
    if (watcher === null) watchAgain();
  }, pollMs);
  return () => {
    clearInterval(poll);
    unwatch();
  };
}
