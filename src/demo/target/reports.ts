/** The reports people write, in memory and bounded: the oldest makes room. */
import { randomUUID } from 'node:crypto';

export interface Report {
  readonly id: string;
  readonly templateId: string;
  readonly title: string;
  readonly text: string;
  /** Grows with every save; a save names the version it started from. */
  readonly version: number;
  readonly state: 'draft' | 'finalized' | 'signed';
  readonly createdBy: string;
}

export interface Reports {
  create(draft: Pick<Report, 'templateId' | 'title' | 'createdBy'>): Report;
  get(id: string): Report | undefined;
  replace(report: Report): void;
  remove(id: string): boolean;
  /** How many are still being written. */
  drafts(): number;
}

export function openReports(limit = 2_000): Reports {
  const reports = new Map<string, Report>();
  return {
    create: (draft) => {
      const report: Report = { id: randomUUID(), ...draft, text: '', version: 1, state: 'draft' };
      reports.set(report.id, report);
      const oldest = reports.keys().next().value;
      if (reports.size > limit && oldest !== undefined) reports.delete(oldest);
      return report;
    },
    get: (id) => reports.get(id),
    replace: (report) => void reports.set(report.id, report),
    remove: (id) => reports.delete(id),
    drafts: () => [...reports.values()].filter(({ state }) => state === 'draft').length,
  };
}
