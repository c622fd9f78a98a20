/** The demo's target service in this process, with a flag file of its own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyWrite, renderFlagDocument } from '../../src/adapters/flags/flag-document.js';
import { openTarget } from '../../src/demo/target/target-service.js';

export const targetFlagKey = 'reporting-unified';

export const flagDocumentAt = (percent: number): string =>
  renderFlagDocument(
    applyWrite({ flags: {} }, targetFlagKey, { percent, fence: 1, owner: 'somebody', safeState: null, set: {} }),
  );

export interface TestTarget {
  readonly url: string;
  readonly flagsPath: string;
  /** Turns the failure knobs; `{}` heals everything. */
  turn(knobs: object): Promise<Response>;
  close(): Promise<void>;
}

/** @param percent - null: there is no flag file. */
export async function aTarget(percent: number | null, environment = 'production'): Promise<TestTarget> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-target-'));
  const flagsPath = join(folder, 'flags.json');
  if (percent !== null) await writeFile(flagsPath, flagDocumentAt(percent));
  const target = await openTarget({
    flagsPath,
    flagKey: targetFlagKey,
    port: 0,
    environment,
    service: 'viewer',
    onChange: () => {},
    onProblem: () => {},
  });
  return {
    url: target.url,
    flagsPath,
    turn: (knobs) =>
      fetch(`${target.url}/__knobs`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(knobs),
      }),
    close: async () => {
      await target.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
