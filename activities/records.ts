/** Telling people and keeping the pack. */
import type { AuditEntry } from '../src/core/audit.js';
import { buildReport } from '../src/core/report.js';
import { renderReport } from '../src/core/render-report.js';
import type { ActivityDeps } from './deps.js';
import type { AnnounceInput, ExportInput } from './facts.js';
import { configured, withFailures } from './failures.js';

export function createRecords(deps: ActivityDeps) {
  return {
    announce: ({ channel, announcement }: AnnounceInput): Promise<void> =>
      withFailures(async () => configured(deps.announcers, channel, 'channel').announce(announcement)),
    exportRecords: (input: ExportInput): Promise<void> => withFailures(() => exportRecords(deps, input)),
  };
}

/** Repeatable: entries from the first new one on are replaced, not appended twice. */
async function exportRecords({ archive }: ActivityDeps, input: ExportInput): Promise<void> {
  const { pack, plan, entries, result } = input;
  const from = entries[0]?.seq ?? Number.POSITIVE_INFINITY;
  const before = parseEntries(await archive.get(`${pack}/audit.jsonl`)).filter(({ seq }) => seq < from);
  const audit = [...before, ...entries];
  await archive.put(`${pack}/plan.json`, `${JSON.stringify(plan, null, 2)}\n`);
  await archive.put(`${pack}/audit.jsonl`, audit.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  if (result === null) return;
  const report = buildReport({ plan, audit, result, rollout: input.rollout, runId: input.runId });
  await archive.put(`${pack}/report.json`, `${JSON.stringify(report, null, 2)}\n`);
  await archive.put(`${pack}/report.md`, renderReport(report));
}

function parseEntries(text: string | null): AuditEntry[] {
  if (text === null) return [];
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEntry);
}
