/** What the files of a pack say; the samples beside them are written by the looks. */
import type { AuditEntry } from './audit.js';
import { renderAudit } from './audit-text.js';
import type { Plan } from './plan.js';
import { renderReport } from './render-report.js';
import { buildReport, type Report, type ReportInput } from './report.js';
import type { Outcome, RolloutResult } from './rollout-shapes.js';

export const packFiles = {
  plan: 'plan.json',
  audit: 'audit.jsonl',
  report: 'report.json',
  readableReport: 'report.md',
} as const;

/** By path in the pack. */
export type PackTexts = Readonly<Record<string, string>>;

export const recordTexts = (plan: Plan, audit: readonly AuditEntry[]): PackTexts => ({
  [packFiles.plan]: documentText(plan),
  [packFiles.audit]: renderAudit(audit),
});

export function reportTexts(input: ReportInput): PackTexts {
  const report = buildReport(input);
  return { [packFiles.report]: documentText(report), [packFiles.readableReport]: renderReport(report) };
}

export const documentText = (value: Plan | Report): string => `${JSON.stringify(value, null, 2)}\n`;

/** How the rollout ended, as its audit says; null while it is open. The receipt is in its own entry. */
export function resultIn(audit: readonly AuditEntry[]): RolloutResult | null {
  const closed = audit.findLast(({ kind }) => kind === 'closed');
  if (closed === undefined) return null;
  const { outcome, percent, reason } = closed.data;
  return {
    outcome: outcome as Outcome,
    percent: Number(percent),
    reason: String(reason),
    auditHead: closed.hash,
    receipt: null,
  };
}
