/** Whether a pack says what the rollout wrote, from its files alone: chain, order, plan, evidence, report, head. Pure. */
import { auditHead, type AuditEntry } from './audit.js';
import { packFiles, resultIn } from './pack-files.js';
import type { Anchor, Pack, PackFinding, PackVerdict } from './pack.js';
import { readAudit, type BadEntry } from './read-audit.js';
import { checkEvidence } from './verify-evidence.js';
import { checkHead } from './verify-head.js';
import { checkPlan } from './verify-plan.js';
import { checkReport } from './verify-report.js';

export function verifyPack(pack: Pack, anchor: Anchor): PackVerdict {
  const { entries, bad } = readAudit(pack.files.get(packFiles.audit)?.text ?? '');
  const evidence = checkEvidence(pack, entries, bad);
  const head = checkHead(entries, bad, anchor);
  const report = checkReport(pack, entries, bad);
  const findings = [
    ...auditFindings(entries, bad),
    ...checkPlan(pack, entries[0]),
    ...evidence.findings,
    ...report.findings,
    ...head.findings,
  ];
  const started = entries[0]?.data;
  return {
    whole: findings.length === 0,
    rollout: textOf(started?.['rollout']),
    runId: textOf(started?.['runId']),
    plan: textOf(started?.['plan']),
    planDigest: textOf(started?.['planDigest']),
    startedAt: entries[0]?.at ?? null,
    lastAt: entries.at(-1)?.at ?? null,
    outcome: bad === null ? (resultIn(entries)?.outcome ?? 'open') : 'unknown',
    entries: entries.length,
    evidenceChecked: evidence.checked,
    head: auditHead(entries),
    anchored: head.anchored,
    findings,
    gaps: evidence.gaps,
    notes: [...evidence.notes, ...report.notes, ...head.notes],
  };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function auditFindings(entries: readonly AuditEntry[], bad: BadEntry | null): PackFinding[] {
  const file = packFiles.audit;
  if (bad !== null) return [{ file, seq: bad.seq, problem: `${bad.problem}.`, advice: adviceFor(bad.problem) }];
  if (entries.length > 0) return [];
  return [{ file, seq: 1, problem: 'is missing: the file is empty.', advice: anotherCopy }];
}

const anotherCopy =
  'Entries from here on prove nothing. Compare with another copy: the archive, a backup, or a new export of the rollout. If they differ, find out who could write to this one.';

const adviceFor = (problem: string): string =>
  problem.includes('does not know')
    ? 'Verify it with the version of Holdpoint that wrote it, or a newer one. Entries from here on were not checked.'
    : anotherCopy;
