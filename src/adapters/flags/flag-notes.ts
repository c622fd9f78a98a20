/** What a store keeps beside a flag's percent, as JSON in a text where only scalars have a place: safe state and break-glass. */
import type { BreakGlass, FlagRecord, SafeState } from '../../core/flag-record.js';
import { isMembers, type Members } from './flag-rule.js';

export const noFlag = (key: string): FlagRecord => ({
  key,
  exists: false,
  percent: 0,
  fence: 0,
  revision: 'none',
  owner: null,
  safeState: null,
  safeValuesHeld: true,
  breakGlass: null,
});

/** Null for what is not a note that we wrote. */
export function readBreakGlass(value: unknown): BreakGlass | null {
  const { id, environment, by, reason, at } = parseMembers(value);
  if (typeof id !== 'string' || typeof environment !== 'string' || typeof at !== 'string') return null;
  if (typeof by !== 'string' || typeof reason !== 'string' || Number.isNaN(Date.parse(at))) return null;
  return { id, environment, by, reason, at };
}

export function readSafeState(value: unknown): SafeState | null {
  const { set: noted } = parseMembers(value);
  if (!isMembers(noted)) return null;
  const set = Object.fromEntries(
    Object.entries(noted).filter((pair): pair is [string, boolean] => typeof pair[1] === 'boolean'),
  );
  return { percent: 0, set };
}

/** No members for anything else. */
function parseMembers(value: unknown): Members {
  if (isMembers(value)) return value;
  if (typeof value !== 'string') return {};
  try {
    const parsed: unknown = JSON.parse(value);
    return isMembers(parsed) ? parsed : {};
  } catch {
    return {};
  }
}
