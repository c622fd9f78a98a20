/** Histories kept for ever: what a release wrote, every later one must replay. */
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../histories/', import.meta.url));

export interface StoredHistory {
  /** `<release>/<name>` */
  readonly name: string;
  /** As it was: the flag's owner is made from it. */
  readonly workflowId: string;
  readonly history: unknown;
}

export async function readStoredHistories(): Promise<StoredHistory[]> {
  const files = (await readdir(root, { recursive: true })).filter((file) => file.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (file) => {
      const { workflowId, history } = JSON.parse(await readFile(join(root, file), 'utf8')) as Omit<
        StoredHistory,
        'name'
      >;
      return { name: file.replace(/\.json$/, ''), workflowId, history };
    }),
  );
}

/** Does nothing unless HOLDPOINT_RECORD_HISTORIES is set: histories are recorded once a release, never to mend a test. */
export async function recordHistory(
  name: string,
  workflowId: string,
  history: Parameters<typeof historyToJSON>[0],
): Promise<void> {
  if (process.env['HOLDPOINT_RECORD_HISTORIES'] === undefined) return;
  await mkdir(join(root, manifest.version), { recursive: true });
  const stored = { workflowId, history: JSON.parse(historyToJSON(history)) as unknown };
  // Stack traces in it shall not tell where it was recorded.
  const text = JSON.stringify(stored).replaceAll(`${process.cwd()}/`, '');
  await writeFile(join(root, manifest.version, `${name}.json`), `${text}\n`);
}
