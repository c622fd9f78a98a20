/** Packs of a rollout that goes on in a new run: the rollout itself has only its newest entries, the archive the rest. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Export } from '../../src/cli/render/export.js';
import type { PackVerdict } from '../../src/core/pack.js';
import type { RolloutSummary } from '../../src/find-rollout.js';
import { openCliWorld, type CliWorld } from '../support/cli-world.js';

let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld({ dynamicConfig: ['limit.historyCount.suggestContinueAsNew=60'] });
  await world.startWorker();
});
afterAll(() => world?.close());

const exported = async (out: string): Promise<Export> => {
  const end = await world.run('audit', 'export', 'saves', '--out', out, '--json');
  expect(end).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(end.stdout) as Export;
};

const verdictOf = async (pack: string, ...anchor: string[]): Promise<PackVerdict> =>
  JSON.parse((await world.run('audit', 'verify', pack, '--json', ...anchor)).stdout) as PackVerdict;

it('is whole while it is open, and at its end, for the run that it began with', async () => {
  const started = await world.run('start', await world.plan('saves'), '--yes', '--json');
  const { runId } = JSON.parse(started.stdout) as RolloutSummary;
  const archived = join(world.folder, 'archive/production/saves', runId, 'audit.jsonl');
  // It asks for two people, and looks each second; a history is written to the archive when it ends.
  const archivedText = (): Promise<string> => readFile(archived, 'utf8').catch(() => '');
  await expect.poll(archivedText, { timeout: 100_000, interval: 200 }).toContain('"kind":"continued"');

  const open = await exported('open');
  expect(open).toMatchObject({ runId, outcome: 'open', missing: [] });
  expect(await readFile(join(world.folder, 'open/audit.jsonl'), 'utf8')).toContain('"kind":"continued"');
  expect(await verdictOf('open', '--head', open.head)).toMatchObject({ whole: true, anchored: true });
  expect(await verdictOf('open', '--online')).toMatchObject({ whole: true });

  const config = await readFile(join(world.folder, 'holdpoint.config.yaml'), 'utf8');
  await writeFile(join(world.folder, 'elsewhere.yaml'), config.replace('./archive', './nothing-here'));
  const blind = await world.run('audit', 'export', 'saves', '--out', 'blind', '-c', 'elsewhere.yaml');
  expect(blind).toMatchObject({ code: 8, stdout: '' });
  expect(blind.stderr).toMatch(/still has entries \d+ to \d+, and of the archive: entries 1 to \d+ are missing/);

  await world.run('go', 'saves', '--by', 'sam', '--role', 'sre');
  await world.run('go', 'saves', '--by', 'ria', '--role', 'release-manager');
  expect((await world.run('watch', 'saves')).code).toBe(0);
  const closed = await exported('closed');
  expect(closed).toMatchObject({ runId, outcome: 'completed', missing: [] });
  for (const pack of ['closed', join('archive/production/saves', runId)]) {
    expect(await verdictOf(pack, '--online')).toMatchObject({ whole: true, anchored: true, head: closed.head });
  }
  expect((await verdictOf('open', '--online')).findings[0]?.problem).toContain('but the head of the rollout');
}, 240_000);
