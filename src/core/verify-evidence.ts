/** Whether every verdict's evidence is in the pack: put together again, it must give the digest that people decided on. */
import type { AuditEntry } from './audit.js';
import { evidenceDigest } from './evidence.js';
import { rebuildEvidence } from './evidence-trace.js';
import { packFiles } from './pack-files.js';
import type { Pack, PackFinding, PackVerdict } from './pack.js';
import { readMembers } from './person.js';
import type { BadEntry } from './read-audit.js';

interface EvidenceCheck extends Pick<PackVerdict, 'findings' | 'gaps' | 'notes'> {
  readonly checked: number;
}

export function checkEvidence({ files }: Pack, entries: readonly AuditEntry[], bad: BadEntry | null): EvidenceCheck {
  const findings: PackFinding[] = [];
  const gaps: { readonly seq: number; readonly sentence: string }[] = [];
  const named = new Set<string>();
  let checked = 0;
  for (const entry of entries) {
    if (entry.kind !== 'verdict') continue;
    const { file } = readMembers(readMembers(entry.data['evidence'])['answers']);
    if (typeof file === 'string') named.add(file);
    const rebuilt = rebuildEvidence(entry, entries, files);
    if (rebuilt.kind === 'lost') {
      gaps.push({ seq: entry.seq, sentence: `The samples were never kept: ${rebuilt.why}` });
      continue;
    }
    // The breach behind the verdict may be beyond the first bad entry.
    if (rebuilt.kind === 'broken' && rebuilt.file === null && bad !== null) continue;
    const finding = rebuilt.kind === 'broken' ? brokenFinding(entry, rebuilt) : digestFinding(entry, rebuilt.evidence);
    if (finding === null) checked += 1;
    else findings.push(finding);
  }
  return { findings, gaps, checked, notes: bad === null ? unnamedNotes(files.keys(), named) : [] };
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
    problem: `${problem}. The verdict of entry ${entry.seq} rests on it.`,
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
