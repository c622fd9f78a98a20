/** flagd's flag document and our record of one flag in it: pure, text in and out. */
import { digestOf } from '../../core/digest.js';
import type { FlagRecord, SafeState } from '../../core/flag-record.js';
import type { FlagValues } from '../../core/plan.js';

type Members = Record<string, unknown>;

export interface FlagDocument extends Members {
  readonly flags: Record<string, Members>;
}

/** What a write makes of a flag. */
export interface FlagWrite {
  readonly percent: number;
  readonly fence: number;
  readonly owner: string;
  readonly safeState: SafeState | null;
  /** Other boolean flags to pin: the safe state's values. Empty on the way up. */
  readonly set: FlagValues;
}

/** Weights are integers: a percent has up to three decimals, so the whole is 100,000. */
const whole = 100_000;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Null when the text is not a flag document. Empty text is an empty document: a file made by `touch`. */
export function parseFlagDocument(text: string): FlagDocument | null {
  if (text.trim() === '') return { flags: {} };
  try {
    const value: unknown = JSON.parse(text);
    if (!isMembers(value)) return null;
    const flags = value['flags'] ?? {};
    if (!isMembers(flags) || !Object.values(flags).every(isMembers)) return null;
    return { ...value, flags: flags as Record<string, Members> };
  } catch {
    return null;
  }
}

export const renderFlagDocument = (document: FlagDocument): string => `${JSON.stringify(document, null, 2)}\n`;

export function readRecord(document: FlagDocument, key: string): FlagRecord {
  const flag = Object.hasOwn(document.flags, key) ? document.flags[key] : undefined;
  if (flag === undefined) {
    return {
      key,
      exists: false,
      percent: 0,
      fence: 0,
      revision: 'none',
      owner: null,
      safeState: null,
      safeValuesHeld: true,
    };
  }
  const metadata = isMembers(flag['metadata']) ? flag['metadata'] : {};
  const safeState = readSafeState(metadata['holdpoint.safeState']);
  const owner = metadata['holdpoint.owner'];
  const fence = metadata['holdpoint.fence'];
  return {
    key,
    exists: true,
    percent: readPercent(flag),
    fence: typeof fence === 'number' && Number.isSafeInteger(fence) ? fence : 0,
    revision: digestOf(flag),
    owner: typeof owner === 'string' && owner !== '' ? owner : null,
    safeState,
    safeValuesHeld: safeState === null || holdsValues(document, safeState.set),
  };
}

function readSafeState(value: unknown): SafeState | null {
  if (typeof value !== 'string') return null;
  try {
    const parsed: unknown = JSON.parse(value);
    if (!isMembers(parsed) || !isMembers(parsed['set'])) return null;
    const set = Object.fromEntries(
      Object.entries(parsed['set']).filter((pair): pair is [string, boolean] => typeof pair[1] === 'boolean'),
    );
    return { percent: 0, set };
  } catch {
    return null;
  }
}

/** From the rule as it stands, not from our metadata: a person may have edited the file. Null for a rule not ours. */
function readPercent(flag: Members): number | null {
  if (flag['state'] === 'DISABLED') return 0;
  const targeting = flag['targeting'];
  if (targeting === undefined || (isMembers(targeting) && Object.keys(targeting).length === 0)) {
    if (flag['defaultVariant'] === 'off') return 0;
    return flag['defaultVariant'] === 'on' ? 100 : null;
  }
  if (!isMembers(targeting) || Object.keys(targeting).length !== 1) return null;
  const rule = targeting['fractional'];
  if (!Array.isArray(rule) || rule.length !== 3) return null;
  const [bucketBy, on, off] = rule as unknown[];
  const on1 = weightOf(on, 'on');
  const off1 = weightOf(off, 'off');
  if (JSON.stringify(bucketBy) !== JSON.stringify(bucketing) || on1 === null || off1 === null || on1 + off1 === 0)
    return null;
  return Math.round((on1 / (on1 + off1)) * whole) / 1_000;
}

function weightOf(pair: unknown, variant: string): number | null {
  if (!Array.isArray(pair) || pair.length !== 2 || pair[0] !== variant) return null;
  const weight: unknown = pair[1];
  return typeof weight === 'number' && Number.isInteger(weight) && weight >= 0 ? weight : null;
}

const bucketing = { cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] };

function pinned(flag: Members | undefined, value: boolean): Members {
  const variants = isMembers(flag?.['variants']) ? flag['variants'] : { on: true, off: false };
  const variant = Object.entries(variants).find(([, candidate]) => candidate === value)?.[0];
  const complete = variant === undefined ? { ...variants, [value ? 'on' : 'off']: value } : variants;
  return {
    ...flag,
    state: 'ENABLED',
    variants: complete,
    defaultVariant: variant ?? (value ? 'on' : 'off'),
    targeting: {},
  };
}

function holdsValues(document: FlagDocument, set: FlagValues): boolean {
  return Object.entries(set).every(([key, value]) => {
    const flag = Object.hasOwn(document.flags, key) ? document.flags[key] : undefined;
    if (flag === undefined || flag['state'] === 'DISABLED') return false;
    const variants = isMembers(flag['variants']) ? flag['variants'] : {};
    const targeting = flag['targeting'];
    const open = isMembers(targeting) && Object.keys(targeting).length > 0;
    return !open && variants[String(flag['defaultVariant'])] === value;
  });
}

/** The document after a write; what it does not name stays untouched, in its order. */
export function applyWrite(document: FlagDocument, key: string, write: FlagWrite): FlagDocument {
  const flag = document.flags[key];
  const metadata = isMembers(flag?.['metadata']) ? flag['metadata'] : {};
  const flags: Record<string, Members> = {
    ...document.flags,
    [key]: {
      ...flag,
      state: 'ENABLED',
      variants: { ...(isMembers(flag?.['variants']) ? flag['variants'] : {}), on: true, off: false },
      ...ruleFor(write.percent),
      metadata: {
        ...metadata,
        'holdpoint.percent': write.percent,
        'holdpoint.fence': write.fence,
        'holdpoint.revision': Number(metadata['holdpoint.revision'] ?? 0) + 1,
        'holdpoint.owner': write.owner,
        ...(write.safeState === null ? {} : { 'holdpoint.safeState': JSON.stringify(write.safeState) }),
      },
    },
  };
  for (const [other, value] of Object.entries(write.set)) flags[other] = pinned(flags[other], value);
  return { ...document, flags };
}

/** `on` first: buckets are cumulative, so that order keeps everybody in who was in at a lower percent. */
function ruleFor(percent: number): { defaultVariant: string; targeting: Members } {
  if (percent === 0) return { defaultVariant: 'off', targeting: {} };
  if (percent === 100) return { defaultVariant: 'on', targeting: {} };
  const on = Math.round(percent * 1_000);
  return { defaultVariant: 'off', targeting: { fractional: [bucketing, ['on', on], ['off', whole - on]] } };
}
