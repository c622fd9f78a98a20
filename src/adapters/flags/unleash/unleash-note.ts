/** Our record of a flag, kept in the title of its strategy: people see it in Unleash, applications are never sent it. */
import type { BreakGlass, SafeState } from '../../../core/flag-record.js';
import { readBreakGlass, readSafeState } from '../flag-notes.js';
import { isMembers, type Members } from '../flag-rule.js';

export interface UnleashNote {
  readonly fence: number;
  readonly owner: string | null;
  readonly safeState: SafeState | null;
  readonly breakGlass: BreakGlass | null;
  /** A claim was written, and no rollback since: only then may a claim that was cut off be finished. */
  readonly armed: boolean;
  readonly by: string;
  readonly reason: string;
  /** What people had called the strategy. */
  readonly title: string | null;
}

const form = /^Holdpoint moves this: .*? (\{.*\})$/s;

export function writeNote(note: UnleashNote): string {
  return `Holdpoint moves this: change nothing here by hand. ${JSON.stringify(note)}`;
}

/** Null for a title of somebody else's. */
export function readNote(title: string | null): UnleashNote | null {
  const text = form.exec(title ?? '')?.[1];
  if (text === undefined) return null;
  const { fence, owner, safeState, breakGlass, armed, by, reason, title: before } = membersIn(text);
  if (typeof fence !== 'number' || !Number.isSafeInteger(fence)) return null;
  return {
    fence,
    owner: typeof owner === 'string' && owner !== '' ? owner : null,
    safeState: readSafeState(safeState),
    breakGlass: readBreakGlass(breakGlass),
    armed: armed === true,
    by: typeof by === 'string' ? by : '',
    reason: typeof reason === 'string' ? reason : '',
    title: typeof before === 'string' ? before : null,
  };
}

function membersIn(text: string): Members {
  try {
    const parsed: unknown = JSON.parse(text);
    return isMembers(parsed) ? parsed : {};
  } catch {
    return {};
  }
}
