/** flagd's flag document and our record of one flag in it: pure, text in and out. */
import { digestOf, textDigest } from '../../core/digest.js';
import type { BreakGlass, FlagRecord, SafeState } from '../../core/flag-record.js';
import type { FlagValues } from '../../core/plan.js';
import { longestText } from '../../flag-client/flag-set.js';
import { parseExactly, renderExactly } from './exact-json.js';
import { noFlag, readBreakGlass, readSafeState } from './flag-notes.js';
import { isMembers, percentOf, ruleFor, type Members } from './flag-rule.js';

export interface FlagDocument extends Members {
  readonly flags: Record<string, Members>;
}

/** What a write makes of a flag. */
export interface FlagWrite {
  readonly percent: number;
  readonly fence: number;
  /** Null: nobody. */
  readonly owner: string | null;
  readonly safeState: SafeState | null;
  /** Other boolean flags to pin: the safe state's values. Empty on the way up. */
  readonly set: FlagValues;
  /** Without it the note of an earlier one stays. */
  readonly breakGlass?: BreakGlass | undefined;
}

/** Null when the text is not a flag document. Empty text is an empty document: a file made by `touch`. */
export function parseFlagDocument(text: string): FlagDocument | null {
  if (text.trim() === '') return { flags: {} };
  try {
    // Clients do not take a byte order mark, but a rollback must not stop at one.
    const value = parseExactly(text.replace(/^\uFEFF/, ''));
    if (!isMembers(value)) return null;
    const flags = value['flags'] ?? {};
    if (!isMembers(flags) || !Object.values(flags).every(isMembers)) return null;
    return { ...value, flags: flags as Record<string, Members> };
  } catch {
    return null;
  }
}

/** To be read by people; on one line where clients would find that too long, for they must hear of a rollback. */
export function renderFlagDocument(document: FlagDocument): string {
  const text = `${renderExactly(document)}\n`;
  return text.length <= longestText ? text : `${renderExactly(document, 0)}\n`;
}

/** Canonical JSON gives up on nesting that parsers still take, and what clients obey must be possible to take back. */
function revisionOf(flag: Members): string {
  try {
    return digestOf(flag);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return textDigest(JSON.stringify(flag));
  }
}

export function readRecord(document: FlagDocument, key: string): FlagRecord {
  const flag = flagIn(document, key);
  if (flag === undefined) return noFlag(key);
  const metadata = isMembers(flag['metadata']) ? flag['metadata'] : {};
  const safeState = readSafeState(metadata['holdpoint.safeState']);
  const owner = metadata['holdpoint.owner'];
  const fence = metadata['holdpoint.fence'];
  return {
    key,
    exists: true,
    percent: percentOf(flag),
    fence: typeof fence === 'number' && Number.isSafeInteger(fence) ? fence : 0,
    revision: revisionOf(flag),
    owner: typeof owner === 'string' && owner !== '' ? owner : null,
    safeState,
    safeValuesHeld: safeState === null || holdsValues(document, safeState.set),
    breakGlass: readBreakGlass(metadata['holdpoint.breakGlass']),
  };
}

/** In the document's order. */
export const readRecords = (document: FlagDocument): FlagRecord[] =>
  Object.keys(document.flags).map((key) => readRecord(document, key));

function pinned(flag: Members | undefined, value: boolean): Members {
  const variants = booleanVariants(flag);
  const name = value ? 'on' : 'off';
  const variant = Object.entries(variants).find(([, candidate]) => candidate === value)?.[0] ?? name;
  return {
    ...flag,
    state: 'ENABLED',
    variants: { ...variants, [variant]: value },
    defaultVariant: variant,
    targeting: {},
  };
}

/** flagd refuses a whole document over one flag with variants of several types, so others cannot stay beside ours. */
function booleanVariants(flag: Members | undefined): Members {
  const variants = isMembers(flag?.['variants']) ? flag['variants'] : { on: true, off: false };
  return Object.fromEntries(Object.entries(variants).filter(([, value]) => typeof value === 'boolean'));
}

function holdsValues(document: FlagDocument, set: FlagValues): boolean {
  return Object.entries(set).every(([key, value]) => {
    const flag = flagIn(document, key);
    if (flag === undefined || flag['state'] === 'DISABLED') return false;
    const variants = isMembers(flag['variants']) ? flag['variants'] : {};
    const targeting = flag['targeting'];
    const open = isMembers(targeting) && Object.keys(targeting).length > 0;
    return !open && variants[String(flag['defaultVariant'])] === value;
  });
}

/** The document after a write; what it does not name stays untouched, in its order. */
export function applyWrite(document: FlagDocument, key: string, write: FlagWrite): FlagDocument {
  const flag = flagIn(document, key);
  const metadata = isMembers(flag?.['metadata']) ? flag['metadata'] : {};
  const revision = Number(metadata['holdpoint.revision']);
  const written: Members = {
    ...flag,
    state: 'ENABLED',
    variants: { ...booleanVariants(flag), on: true, off: false },
    ...ruleFor(write.percent),
    metadata: {
      ...metadata,
      'holdpoint.percent': write.percent,
      'holdpoint.fence': write.fence,
      'holdpoint.revision': Number.isSafeInteger(revision) ? revision + 1 : 1,
      'holdpoint.owner': write.owner ?? '',
      ...(write.safeState === null ? {} : { 'holdpoint.safeState': JSON.stringify(write.safeState) }),
      ...(write.breakGlass === undefined ? {} : { 'holdpoint.breakGlass': JSON.stringify(write.breakGlass) }),
    },
  };
  const set = Object.entries(write.set).map(
    ([other, value]) => [other, pinned(flagIn(document, other), value)] as const,
  );
  // Not by assignment: a flag may be called `__proto__`.
  return { ...document, flags: Object.fromEntries([...Object.entries(document.flags), ...set, [key, written]]) };
}

const flagIn = ({ flags }: FlagDocument, key: string): Members | undefined =>
  Object.hasOwn(flags, key) ? flags[key] : undefined;
