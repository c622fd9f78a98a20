/** Packs by command line alone: exported from a real server and archive, verified without either. */
import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { PackVerdict } from '../../src/core/pack.js';
import type { RolloutResult, RolloutStatus } from '../../src/core/rollout-shapes.js';
import type { Export } from '../../src/cli/render/export.js';
import { openCliWorld, type CliWorld } from '../support/cli-world.js';
import type { CliEnd, RunningCli } from '../support/cli.js';

let world: CliWorld;
let worker: RunningCli;
beforeAll(async () => {
  world = await openCliWorld();
  worker = await world.startWorker();
});
afterAll(() => world?.close());

const verify = (...args: string[]): Promise<CliEnd> => world.run('audit', 'verify', ...args);
const verdictOf = async (...args: string[]): Promise<PackVerdict> =>
  JSON.parse((await verify(...args, '--json')).stdout) as PackVerdict;
const exported = async (...args: string[]): Promise<Export> => {
  const end = await world.run('audit', 'export', ...args, '--json');
  expect(end).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(end.stdout) as Export;
};

const isAsking = ({ state, verdict }: RolloutStatus): boolean => state === 'asking' && verdict?.outcome === 'pass';

/** Of the whole file, as the tests below need them. */
const result: { head: string; pack: string } = { head: '', pack: '' };

it('the pack of an open rollout is whole up to where it is, by itself and by Temporal', async () => {
  const waiting = world.start('start', await world.plan('saves'), '--yes', '--wait', '--json');
  await world.until('saves', isAsking);
  const open = await exported('saves', '--out', 'so-far');
  expect(open).toMatchObject({ pack: 'so-far', outcome: 'open', missing: [] });
  expect(open.samples).toBeGreaterThan(1);

  const alone = await verify('so-far');
  expect(alone).toMatchObject({ code: 0, stderr: '' });
  expect(alone.stdout).toContain('whole');
  expect(alone.stdout).toContain('cut off, or this is an older copy');
  expect(await verdictOf('so-far', '--online')).toMatchObject({ whole: true, anchored: true, outcome: 'open' });
  expect(await verdictOf('so-far', '--head', open.head)).toMatchObject({ whole: true, anchored: true });

  await world.run('go', 'saves', '--by', 'sam', '--role', 'sre');
  await world.run('go', 'saves', '--by', 'ria', '--role', 'release-manager');
  result.head = (JSON.parse((await waiting.ended).stdout) as RolloutResult).auditHead;
});

it('of an open rollout there is a page for the next shift, and of a closed one a postmortem', async () => {
  const closed = await world.run('postmortem', 'saves');
  expect(closed).toMatchObject({ code: 0, stderr: '' });
  expect(closed.stdout).toContain('# Postmortem: plan-of-saves, completed');
  expect(closed.stdout).toContain('The pack is whole');
  expect(closed.stdout).toMatch(/\| ria \| release-manager \| go \|/);
  const page = await world.run('handoff', 'saves');
  expect(page).toMatchObject({ code: 0, stderr: '' });
  expect(page.stdout).toContain('**completed** since ');
  // Without any server: the first pack is of the open rollout.
  const alone = await world.run('postmortem', '--pack', 'so-far', '--json', '--config', 'nowhere.yaml');
  expect(JSON.parse(alone.stdout)).toMatchObject({
    report: { outcome: 'open' },
    verdict: { whole: true },
    times: null,
  });
  expect(await world.run('handoff', '--pack', 'so-far')).toMatchObject({ code: 0 });
  const both = await world.run('postmortem', 'saves', '--pack', 'so-far');
  expect(both).toMatchObject({ code: 2, stdout: '', stderr: 'Name a rollout or --pack, not both.\n' });
  expect(await world.run('postmortem', '--pack', 'nowhere')).toMatchObject({ code: 3, stdout: '' });
});

it('the pack of a closed one has the head of its result, where it was exported and in the archive itself', async () => {
  const closed = await exported();
  expect(closed).toMatchObject({ outcome: 'completed', head: result.head, missing: [] });
  expect(closed.pack).toBe(join('production', 'saves', closed.runId));
  result.pack = closed.pack;
  expect((await readdir(join(world.folder, closed.pack))).sort()).toEqual([
    'audit.jsonl',
    'plan.json',
    'report.json',
    'report.md',
    'samples',
  ]);
  for (const pack of [closed.pack, join('archive', closed.pack)]) {
    for (const anchor of [['--head', result.head], ['--online']]) {
      expect(await verify(pack, ...anchor)).toMatchObject({ code: 0, stderr: '' });
      expect(await verdictOf(pack, ...anchor)).toMatchObject({
        whole: true,
        anchored: true,
        outcome: 'completed',
        entries: closed.entries,
        findings: [],
        gaps: [],
      });
    }
  }
});

it('an older pack in its place is found by the head of the result', async () => {
  for (const anchor of [['--head', result.head], ['--online']]) {
    const { code, stdout } = await verify('so-far', ...anchor);
    expect(code).toBe(4);
    expect(stdout).toContain('cut off at its end, an older copy');
  }
});

it('nothing is written over what is there', async () => {
  await mkdir(join(world.folder, 'empty'));
  await mkdir(join(world.folder, 'full/of'), { recursive: true });
  await writeFile(join(world.folder, 'file'), 'mine');
  expect(await exported('saves', '--out', 'empty')).toMatchObject({ pack: 'empty' });
  for (const out of [result.pack, 'empty', 'full', 'file']) {
    const { code, stdout, stderr } = await world.run('audit', 'export', 'saves', '--out', out);
    expect({ code, stdout }).toEqual({ code: 8, stdout: '' });
    expect(stderr).toContain(`there is something at ${out} already`);
  }
  expect((await readdir(world.folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

it('a changed pack exits 4 and names the entry', async () => {
  await exported('saves', '--out', 'forged');
  const path = join(world.folder, 'forged', 'audit.jsonl');
  const lines = (await readFile(path, 'utf8')).split('\n');
  const at = lines.findIndex((line) => line.includes('"by":"ria"'));
  await writeFile(path, lines.with(at, lines[at]!.replaceAll('ria', 'eve')).join('\n'));
  const { code, stdout } = await verify('forged');
  expect(code).toBe(4);
  expect(stdout).toContain(`not whole`);
  expect(stdout).toContain(`wrong: audit.jsonl, entry ${at + 1}: its content does not give its hash.`);
  expect(await verdictOf('forged')).toMatchObject({ whole: false, findings: [{ file: 'audit.jsonl', seq: at + 1 }] });
});

it('bytes that are no UTF-8, a file too many and a folder among the samples', async () => {
  await exported('saves', '--out', 'odd');
  await mkdir(join(world.folder, 'odd/samples/deeper'));
  await writeFile(join(world.folder, 'odd/notes.txt'), 'mine');
  const told = await verdictOf('odd');
  expect(told.whole).toBe(true);
  expect(told.notes.join()).toContain('2 files are named by no entry and prove nothing: notes.txt, samples/deeper');
  await appendFile(join(world.folder, 'odd/audit.jsonl'), Buffer.from([0xff, 0x0a]));
  expect(await verdictOf('odd')).toMatchObject({
    whole: false,
    findings: [{ seq: told.entries + 1, problem: 'is not UTF-8 text.' }],
  });
});

describe('what is no pack exits 3, and a wrong command line 2', () => {
  it.each([
    [['nowhere'], 3, 'nowhere is no pack: there is no such folder'],
    [['.'], 3, '. is no pack: there is no audit.jsonl in it'],
    [['holdpoint.config.yaml'], 3, 'is no pack: there is no such folder'],
    [['x', '--head', 'sha256:abc'], 2, 'Write the whole head'],
    [['x', '--head', `sha256:${'0'.repeat(64)}`, '--online'], 2, 'cannot be used with'],
    [[], 2, "missing required argument 'pack'"],
  ] as const)('verify %j', async (args, code, said) => {
    const end = await verify(...args);
    expect(end).toMatchObject({ code, stdout: '' });
    expect(end.stderr).toContain(said);
  });

  it('audit alone shows what there is', async () => {
    const end = await world.run('audit');
    expect(end).toMatchObject({ code: 2, stdout: '' });
    expect(end.stderr).toContain('verify [options] <pack>');
    expect(await world.run('audit', '--help')).toMatchObject({ code: 0, stderr: '' });
  });

  it('a rollout that never was', async () => {
    expect(await world.run('audit', 'export', 'nobody')).toMatchObject({ code: 8, stdout: '' });
  });
});

describe('without the archive', () => {
  it('a closed rollout is exported from Temporal; what it cannot have is named, and exits 7', async () => {
    const config = await readFile(join(world.folder, 'holdpoint.config.yaml'), 'utf8');
    await writeFile(join(world.folder, 'elsewhere.yaml'), config.replace('./archive', './nothing-here'));
    const end = await world.run('audit', 'export', 'saves', '--out', 'from-temporal', '-c', 'elsewhere.yaml', '--json');
    expect(end.code).toBe(7);
    const { head, missing, samples } = JSON.parse(end.stdout) as Export;
    expect(samples).toBe(0);
    expect(missing.length).toBeGreaterThan(2);
    const verdict = await verdictOf('from-temporal');
    expect(verdict.findings.map(({ file }) => file).sort()).toEqual([...missing].sort());
    expect(verdict).toMatchObject({ entries: expect.any(Number) as number, head });
    // With the archive's samples beside it, it is as whole as any.
    await rm(join(world.folder, 'from-temporal/samples'), { recursive: true, force: true });
    await rename(join(world.folder, 'empty/samples'), join(world.folder, 'from-temporal/samples'));
    expect(await verify('from-temporal', '--head', result.head)).toMatchObject({ code: 0 });
  });

  it('an archive that says otherwise is not believed', async () => {
    const path = join(world.folder, 'archive', result.pack, 'audit.jsonl');
    const before = await readFile(path, 'utf8');
    await writeFile(path, before.replace('"by":"ria"', '"by":"eve"'));
    const end = await world.run('audit', 'export', 'saves', '--out', 'believed', '--json');
    await writeFile(path, before);
    expect(end.code).toBe(0);
    expect(end.stderr).toContain("The archive's audit was not used: entry ");
    expect(await verify('believed', '--head', result.head)).toMatchObject({ code: 0 });
  });
});

it('without a worker a closed rollout comes from the archive, and an open one says what it lacks', async () => {
  const path = await world.plan('exports');
  await world.run('start', path, '--yes');
  await world.until('exports', isAsking);
  worker.child.kill('SIGKILL');
  await worker.ended;
  expect(await exported('saves', '--out', 'no-worker')).toMatchObject({ head: result.head });
  const open = await world.run('audit', 'export', 'exports', '--out', 'open');
  expect(open).toMatchObject({ code: 7, stdout: '' });
  expect(open.stderr).toContain('holdpoint worker');
});

it('without a server a pack is verified all the same; its head is not', async () => {
  const config = stringify({
    temporal: { address: '127.0.0.1:1' },
    flagStores: { local: { kind: 'file', path: './flags.json' } },
    metrics: { kind: 'prometheus', url: 'http://127.0.0.1:1' },
    archive: { kind: 'directory', path: './archive' },
  });
  await writeFile(join(world.folder, 'away.yaml'), config);
  expect(await verify(result.pack, '-c', 'away.yaml', '--head', result.head)).toMatchObject({ code: 0 });
  expect(await verify(result.pack, '-c', 'away.yaml', '--online')).toMatchObject({ code: 7, stdout: '' });
});
