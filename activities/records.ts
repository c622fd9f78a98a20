/** Telling people and keeping the pack. */
import { joinEntries, type AuditEntry } from '../src/core/audit.js';
import { parseAudit } from '../src/core/audit-text.js';
import { packFiles, recordTexts, reportTexts, type PackTexts } from '../src/core/pack-files.js';
import { AdapterError } from '../src/adapters/adapter-error.js';
import { everyChannel } from '../src/core/revert.js';
import type { ReviewGround } from '../src/core/review.js';
import type { ActivityDeps } from './deps.js';
import type { AnnounceInput, ExportInput, PostInput } from './facts.js';
import { configured, withFailures } from './failures.js';

export function createRecords(deps: ActivityDeps) {
  return {
    announce: ({ channel, announcement }: AnnounceInput): Promise<void> =>
      withFailures(async () => {
        const to =
          channel === everyChannel ? [...deps.announcers.values()] : [configured(deps.announcers, channel, 'channel')];
        await Promise.all(to.map((announcer) => announcer.announce(announcement)));
      }),
    /** What a person sends. Looked at again here: whatever called, nothing reaches customers without a person's yes. */
    post: ({ channel, notice }: PostInput): Promise<void> =>
      withFailures(() => configured(deps.posters, channel, 'channel').post(notice)),
    reviewGround: ({ report }: { readonly report: string }): Promise<ReviewGround> =>
      withFailures(async () => ({
        terms: deps.review,
        // Temporal forgets closed workflows after a while; the archive does not.
        reviewedBefore: (await deps.archive.get(report)) !== null,
      })),
    exportRecords: (input: ExportInput): Promise<void> => withFailures(() => exportRecords(deps, input)),
  };
}

/** Repeatable, in any order: the file only grows, by entries that follow from what it holds. */
async function exportRecords({ archive }: ActivityDeps, input: ExportInput): Promise<void> {
  const { pack, plan, entries, result, rollout, runId } = input;
  const path = `${pack}/${packFiles.audit}`;
  const audit = joinKept(path, await archive.get(path), entries);
  const put = async (texts: PackTexts): Promise<void> => {
    for (const [file, text] of Object.entries(texts)) await archive.put(`${pack}/${file}`, text);
  };
  await put(recordTexts(plan, audit));
  if (result !== null) await put(reportTexts({ plan, audit, result, rollout, runId }));
}

/** A file with a hole in it would read as a forgery for ever; none is written. */
function joinKept(path: string, kept: string | null, entries: readonly AuditEntry[]): readonly AuditEntry[] {
  const before = parseAudit(kept ?? '');
  const joined =
    before.problem === null
      ? joinEntries(before.entries, entries)
      : { ok: false as const, problem: `entry ${before.entries.length + 1} of what was kept before ${before.problem}` };
  if (joined.ok) return joined.entries;
  throw new AdapterError(
    'archive',
    'refused',
    `The audit was not written to ${path} in the archive: ${joined.problem}. Put the file back as it was, or move it away and write the pack with: holdpoint audit export`,
  );
}
