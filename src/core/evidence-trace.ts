/**
 * What a verdict's audit entry keeps of its evidence, so that whoever holds the pack can put the evidence together again
 * and get the same digest. What is elsewhere in the pack is pointed at, not repeated: history has to carry every entry.
 */
import type { AuditEntry } from './audit.js';
import { flagReading, type Evidence } from './evidence.js';
import type { FlagRecord } from './flag-record.js';
import { fileProblem, type NamedFile, type PackFile } from './named-file.js';
import { readMembers } from './person.js';
import type { Sample } from './sample.js';
import type { SmokeOutcome } from './smoke-outcome.js';

/** Where the samples and the flag's read-back are. */
export type Answers =
  /** In a file of the pack; the digest is over its bytes, as `sha256sum` prints it. */
  | ({ readonly kind: 'file' } & NamedFile)
  /** In the `breach` entry behind the verdict. The flag was not read. */
  | { readonly kind: 'breach' }
  /** Here: nobody could look, and there is no file. The flag was not read. */
  | { readonly kind: 'here'; readonly samples: readonly Sample[] }
  /** The archive did not take them: a gap. */
  | { readonly kind: 'lost'; readonly why: string };

export interface EvidenceTrace extends Pick<Evidence, 'percent' | 'flippedAt' | 'streaks'> {
  /** The smoke entries before the verdict that it rests on. */
  readonly smoke: readonly Pick<SmokeOutcome, 'suite' | 'at'>[];
  readonly answers: Answers;
}

export const traceOf = ({ percent, flippedAt, streaks, smoke }: Evidence, answers: Answers): EvidenceTrace => ({
  percent,
  flippedAt,
  streaks,
  smoke: smoke.map(({ suite, at }) => ({ suite, at })),
  answers,
});

export type Rebuilt =
  | { readonly kind: 'evidence'; readonly evidence: Evidence }
  | { readonly kind: 'lost'; readonly why: string }
  /** `file`: the file of the pack that is at fault; null: the audit itself. */
  | { readonly kind: 'broken'; readonly file: string | null; readonly problem: string };

/** @param files - by path in the pack; absent: there is no such file. */
export function rebuildEvidence(
  verdict: AuditEntry,
  audit: readonly AuditEntry[],
  files: ReadonlyMap<string, PackFile>,
): Rebuilt {
  // The members were looked at when the entry was read, those of `evidence` were not; what is amiss shows in the digest.
  const { stage, scope, evidenceAt, evidence } = verdict.data as {
    readonly stage: number;
    readonly scope: Evidence['scope'];
    readonly evidenceAt: string;
    readonly evidence: EvidenceTrace;
  };
  const { percent, flippedAt, streaks, smoke, answers } = evidence;
  const outcomes = findSmoke(Array.isArray(smoke) ? smoke : [], audit, verdict.seq);
  if (typeof outcomes === 'string') return { kind: 'broken', file: null, problem: outcomes };
  const found = findAnswers(verdict, audit, { answers, files });
  if (found.kind !== 'answers') return found;
  const { samples, flag } = found;
  return {
    kind: 'evidence',
    evidence: { at: evidenceAt, stage, percent, flippedAt, scope, flag, samples, smoke: outcomes, streaks },
  };
}

/** The newest outcomes before the verdict that are named, or what is missing. */
function findSmoke(
  named: EvidenceTrace['smoke'],
  audit: readonly AuditEntry[],
  before: AuditEntry['seq'],
): SmokeOutcome[] | string {
  const found: SmokeOutcome[] = [];
  for (const one of named) {
    const { suite, at } = readMembers(one);
    const entry = audit.findLast(
      ({ seq, kind, data }) => seq < before && kind === 'smoke' && data['suite'] === suite && data['at'] === at,
    );
    if (entry === undefined) return `rests on a run of smoke suite ${String(suite)} that no entry before it has`;
    const { stage: _, ...outcome } = entry.data;
    found.push(outcome as unknown as SmokeOutcome);
  }
  return found;
}

type Found = { readonly kind: 'answers' } & Pick<Evidence, 'samples' | 'flag'>;

interface Places {
  readonly answers: Answers | undefined;
  readonly files: ReadonlyMap<string, PackFile>;
}

function findAnswers(
  verdict: AuditEntry,
  audit: readonly AuditEntry[],
  { answers, files }: Places,
): Found | Exclude<Rebuilt, { kind: 'evidence' }> {
  switch (answers?.kind) {
    case 'file':
      return readAnswers(answers, files);
    case 'here':
      return { kind: 'answers', samples: answers.samples, flag: null };
    case 'lost':
      return { kind: 'lost', why: answers.why };
    case 'breach': {
      const { evidenceDigest } = verdict.data;
      const breach = audit.find(
        ({ seq, kind, data }) => seq > verdict.seq && kind === 'breach' && data['evidenceDigest'] === evidenceDigest,
      );
      return breach === undefined
        ? { kind: 'broken', file: null, problem: 'rests on the samples of a breach that no entry after it has' }
        : { kind: 'answers', samples: breach.data['samples'] as readonly Sample[], flag: null };
    }
    case undefined:
    default:
      return { kind: 'broken', file: null, problem: 'does not say where its samples are' };
  }
}

function readAnswers(
  named: NamedFile,
  files: ReadonlyMap<string, PackFile>,
): Found | Extract<Rebuilt, { kind: 'broken' }> {
  const problem = fileProblem(named, files);
  const read = problem === null ? parseAnswers(files.get(named.file)?.text ?? '') : null;
  return read === null
    ? { kind: 'broken', file: named.file, problem: problem ?? 'holds no samples' }
    : { kind: 'answers', ...read };
}

function parseAnswers(text: string): Pick<Evidence, 'samples' | 'flag'> | null {
  try {
    const { samples, flag } = JSON.parse(text) as { samples: readonly Sample[]; flag: FlagRecord | null };
    return Array.isArray(samples) ? { samples, flag: flag === null ? null : flagReading(flag) } : null;
  } catch {
    return null;
  }
}
