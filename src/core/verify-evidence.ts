/** Whether every verdict's evidence is in the pack: put together again, it must give the digest that people decided on. */
import type { AuditEntry } from './audit.js';
import { evidenceDigest } from './evidence.js';
import { rebuildEvidence } from './evidence-trace.js';
import { fileProblem, namedFile } from './named-file.js';
import { packFiles } from './pack-files.js';
import type { Pack, PackFinding, PackVerdict } from './pack.js';
import type { BadEntry } from './read-audit.js';

interface EvidenceCheck extends Pick<PackVerdict, 'findings' | 'gaps' | 'notes'> {
  readonly checked: number;
}

/** Everything that one entry is checked against. */
interface Surroundings {
  readonly pack: Pack;
  /** Up to the first bad one. */
  readonly entries: readonly AuditEntry[];
  readonly bad: BadEntry | null;
}

export function checkEvidence(pack: Pack, entries: readonly AuditEntry[], bad: BadEntry | null): EvidenceCheck {
  const checks = entries.map((entry) => checkEntry(entry, { pack, entries, bad }));
  const named = new Set(entries.flatMap((entry) => namedFile(entry)?.file ?? []));
  return {
    findings: checks.flatMap(({ finding }) => finding ?? []),
    gaps: checks.flatMap(({ gap }) => gap ?? []),
    checked: checks.filter(({ proven }) => proven === true).length,
    notes: bad === null ? unnamedNotes(pack.files.keys(), named) : [],
  };
}

/** Of one entry; empty when there is nothing to check. */
interface EntryCheck {
  readonly finding?: PackFinding;
  readonly gap?: PackVerdict['gaps'][number];
  /** Its evidence gave the digest again. */
  readonly proven?: true;
}

function checkEntry(entry: AuditEntry, around: Surroundings): EntryCheck {
  if (entry.kind === 'verdict') return checkVerdict(entry, around);
  return entry.kind === 'probe' ? checkProbe(entry, around) : {};
}

function checkVerdict(entry: AuditEntry, { pack, entries, bad }: Surroundings): EntryCheck {
  const rebuilt = rebuildEvidence(entry, entries, pack.files);
  switch (rebuilt.kind) {
    case 'lost':
      return { gap: { seq: entry.seq, sentence: `The samples were never kept: ${rebuilt.why}` } };
    case 'broken':
      // The breach behind a verdict may be beyond the first bad entry.
      return rebuilt.file === null && bad !== null ? {} : { finding: brokenFinding(entry, rebuilt) };
    case 'evidence': {
      const finding = digestFinding(entry, rebuilt.evidence);
      return finding === null ? { proven: true } : { finding };
    }
  }
}

/** What a probe saw is not judged by a digest; its file must be the one that was written. */
function checkProbe(entry: AuditEntry, { pack: { files } }: Surroundings): EntryCheck {
  const named = namedFile(entry);
  if (named === null) return { gap: { seq: entry.seq, sentence: 'What the probe saw was never kept.' } };
  const problem = fileProblem(named, files);
  return problem === null ? {} : { finding: brokenFinding(entry, { file: named.file, problem }) };
}

function digestFinding(entry: AuditEntry, evidence: Parameters<typeof evidenceDigest>[0]): PackFinding | null {
  const digest = evidenceDigest(evidence);
  if (digest === entry.data['evidenceDigest']) return null;
  return {
    file: packFiles.audit,
    seq: entry.seq,
    problem: `is a verdict on other evidence: what the pack holds gives ${digest}, the entry says ${String(entry.data['evidenceDigest'])}.`,
    advice: 'Its entry or an entry it rests on was written anew. Compare with another copy of the pack and its head.',
  };
}

function brokenFinding(
  entry: AuditEntry,
  { file, problem }: { readonly file: string | null; readonly problem: string },
): PackFinding {
  if (file === null) {
    const advice = 'Its entry or an entry it rests on was written anew. Compare with another copy of the pack.';
    return { file: packFiles.audit, seq: entry.seq, problem: `${problem}.`, advice };
  }
  return {
    file,
    seq: entry.seq,
    problem: `${problem}. The ${entry.kind} of entry ${entry.seq} rests on it.`,
    advice: 'Take that file from another copy of the pack, such as the archive of the worker.',
  };
}

/** A look that was cut short leaves its file without an entry: nothing rests on it, and it proves nothing. */
function unnamedNotes(files: Iterable<string>, named: ReadonlySet<string>): string[] {
  const records = new Set<string>(Object.values(packFiles));
  const unnamed = [...files].filter((file) => !records.has(file) && !named.has(file)).sort();
  if (unnamed.length === 0) return [];
  return [
    `${unnamed.length === 1 ? 'One file is' : `${unnamed.length} files are`} named by no entry and prove${unnamed.length === 1 ? 's' : ''} nothing: ${unnamed.slice(0, 3).join(', ')}${unnamed.length > 3 ? ', …' : ''}.`,
  ];
}
