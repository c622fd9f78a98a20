/** Flags that are up with no rollout behind them: every store's flags, held against how their owners stand. Never writes. */
import type { Client } from '@temporalio/client';
import type { Archive } from './adapters/archive/archive.js';
import type { FlagStore } from './adapters/flags/flag-store.js';
import type { FlagRecord } from './core/flag-record.js';
import { packPath, rolloutOwner, type OwnerParts } from './core/names.js';
import { formatPercent } from './core/number-text.js';
import { judgeOwner, wayBack, type OwnerStanding, type OrphanVerdict } from './core/orphan.js';
import { ownerStanding } from './owner-standing.js';
import { rootOf } from './temporal-reach.js';
import { inTime } from './time-limit.js';

export interface OrphanSearch {
  readonly flagStores: ReadonlyMap<string, FlagStore>;
  readonly archive: Archive;
  /** Null: the server cannot be reached, so nobody can tell. */
  readonly client: Client | null;
}

/** A flag that is up, or has a rule that cannot be read. */
export interface UpFlag {
  readonly store: string;
  readonly record: FlagRecord & { readonly owner: string };
  readonly owner: OwnerParts;
  /** `production/x is at 50 %, and nobody watches it: …` */
  readonly sentence: string;
  /** The command that takes it back. */
  readonly back: string;
}

export interface OrphanFindings {
  /** How many flags were looked at. */
  readonly flags: number;
  readonly orphans: readonly UpFlag[];
  readonly noteworthy: readonly UpFlag[];
  /** Nobody could tell. */
  readonly untold: readonly UpFlag[];
  /** Up, with no owner that Holdpoint knows: not its business. */
  readonly foreign: number;
  /** Stores that could not be read, with why. */
  readonly unread: readonly { readonly store: string; readonly why: string }[];
}

const storeMs = 3_000;
const lanes = 8;

export async function findOrphans(search: OrphanSearch): Promise<OrphanFindings> {
  const unread: { store: string; why: string }[] = [];
  const found: { store: string; record: FlagRecord }[] = [];
  await Promise.all(
    [...search.flagStores].map(async ([id, store]) => {
      try {
        for (const record of await inTime(store.list(), storeMs)) found.push({ store: id, record });
      } catch (error) {
        unread.push({ store: id, why: (error as Error).message });
      }
    }),
  );
  const up = found.filter(({ record }) => record.percent !== 0);
  const owned = up.filter(({ record }) => rolloutOwner(record.owner) !== null);
  const judged: Judged[] = [];
  const trouble = { why: search.client === null ? 'Temporal does not answer' : null };
  for (let from = 0; from < owned.length; from += lanes) {
    const some = owned.slice(from, from + lanes);
    judged.push(...(await Promise.all(some.map(({ store, record }) => judgeFlag(search, { store, record }, trouble)))));
  }
  const flagsOf = (kind: Judged['kind']): UpFlag[] =>
    judged.flatMap((one) => (one.kind === kind && one.kind !== 'fine' ? one.flag : []));
  return {
    flags: found.length,
    orphans: flagsOf('orphan'),
    noteworthy: flagsOf('noteworthy'),
    untold: flagsOf('untold'),
    foreign: up.length - owned.length,
    unread,
  };
}

type Judged = { readonly kind: 'fine' } | { readonly kind: 'orphan' | 'noteworthy' | 'untold'; readonly flag: UpFlag };

/** After one question that the server left open, no other is asked: a server that hangs must not hold us up flag by flag. */
interface Trouble {
  why: string | null;
}

async function judgeFlag(
  search: OrphanSearch,
  { store, record }: { readonly store: string; readonly record: FlagRecord },
  trouble: Trouble,
): Promise<Judged> {
  const owner = rolloutOwner(record.owner);
  if (owner === null || record.owner === null || record.percent === 0) return { kind: 'fine' };
  const verdict = await askAbout(search, owner, { record, trouble });
  if (verdict.kind === 'fine') return { kind: 'fine' };
  // It may have gone back to 0 between reading the flag and asking about its owner.
  const now = await search.flagStores
    .get(store)
    ?.read(record.key)
    .catch(() => undefined);
  if (now !== undefined && now.revision !== record.revision) return judgeFlag(search, { store, record: now }, trouble);
  const { environment, flag } = owner;
  const where =
    record.percent === null ? 'has a rule that Holdpoint cannot read' : `is at ${formatPercent(record.percent)}`;
  const alarm = verdict.kind === 'orphan' ? ', and nobody watches it' : '';
  const sentence = `${environment}/${flag} ${where}${alarm}: ${verdict.why}.`;
  const upFlag = { store, record: { ...record, owner: record.owner }, owner, sentence };
  return { kind: verdict.kind, flag: { ...upFlag, back: wayBack(environment, record.key) } };
}

async function askAbout(
  { client, archive }: OrphanSearch,
  owner: OwnerParts,
  { record, trouble }: { readonly record: FlagRecord; readonly trouble: Trouble },
): Promise<OrphanVerdict | { readonly kind: 'untold'; readonly why: string }> {
  const untold = (why: string) => ({ kind: 'untold', why: `cannot tell whether its rollout runs, ${why}` }) as const;
  if (client === null || trouble.why !== null) return untold(trouble.why ?? '');
  let standing: OwnerStanding | null;
  try {
    standing = await ownerStanding(client, owner);
  } catch (error) {
    trouble.why ??= `Temporal does not answer (${rootOf(error).message})`;
    return untold(trouble.why);
  }
  try {
    return judgeOwner(record, standing ?? (await inTime(standingInArchive(archive, owner), storeMs)));
  } catch (error) {
    return untold(`Temporal has forgotten it and its pack cannot be read (${(error as Error).message})`);
  }
}

/** The server forgets closed rollouts after its retention; the pack does not. */
async function standingInArchive(archive: Archive, { environment, flag, runId }: OwnerParts): Promise<OwnerStanding> {
  const pack = packPath(environment, flag, runId);
  const report = await archive.get(`${pack}/report.json`);
  if (report !== null) {
    const { outcome, percent, endedAt } = JSON.parse(report) as Record<string, unknown>;
    return {
      kind: 'closed',
      how: String(outcome),
      percent: typeof percent === 'number' ? percent : null,
      at: typeof endedAt === 'string' ? endedAt : null,
    };
  }
  return { kind: 'unknown', pack: (await archive.get(`${pack}/plan.json`)) === null ? 'none' : 'begun' };
}
