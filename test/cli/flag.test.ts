/** `holdpoint flag` as a person types it, with files only: Temporal is not there, and most of it needs none. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFlags } from '../../src/flag-client/create-flags.js';
import { documentOf } from '../support/a-flag-document.js';
import { readPage } from '../support/doc-pages.js';
import { startCli } from '../support/cli.js';
import { aFlagPlace, ownedBy } from '../support/flag-place.js';

describe('flag set', () => {
  it('makes, moves, compares, reads back and notes; a dry run and the same again write nothing', async () => {
    const { run, document, folder } = await aFlagPlace({ flags: null });
    expect(await run('set', 'f', '12.5', '--reason', 'to begin with')).toMatchObject({
      code: 8,
      stderr: expect.stringContaining('To make it: --create') as string,
    });
    const made = await run('set', 'f', '12.5', '--reason', 'to begin with', '--create', '--yes', '--json');
    expect(made.code, made.stderr).toBe(0);
    const set = JSON.parse(made.stdout) as { after: { revision: string } };
    expect(set).toMatchObject({
      kind: 'written',
      store: 'flags',
      key: 'f',
      isNew: true,
      before: { percent: 0, fence: 0, owner: null, revision: 'none' },
      after: { percent: 12.5, fence: 1, owner: null },
      receipt: { state: 'proven', percent: 12.5, by: 'dana', reason: 'to begin with' },
    });
    const flags = createFlags({ document: JSON.parse(await document()) as object });
    const inside = Array.from({ length: 2_000 }, (_, user) => flags.get('f', false, { targetingKey: `${user}` }));
    expect(inside.filter(Boolean).length / 2_000).toBeCloseTo(0.125, 1);
    const before = await document();
    const dry = await run('set', 'f', '25', '--reason', 'more', '--dry-run');
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('12.5 % → 25 %') as string });
    expect(await run('set', 'f', '25', '--reason', 'more')).toMatchObject({ code: 2 });
    const stale = await run('set', 'f', '25', '--reason', 'more', '--yes', '--expect-revision', 'sha256:0');
    expect(stale).toMatchObject({ code: 8, stderr: expect.stringContaining('somebody changed it') as string });
    const same = await run('set', 'f', '12.5', '--reason', 'more', '--yes');
    expect(same).toMatchObject({ code: 0, stdout: expect.stringContaining('at 12.5 % already') as string });
    expect(await document()).toBe(before);
    const short = set.after.revision.slice('sha256:'.length, 'sha256:'.length + 12);
    const moved = await run('set', 'f', '25', '--reason', 'more', '--yes', '--expect-revision', short);
    expect(moved).toMatchObject({ code: 0, stdout: expect.stringContaining('at 25 %, proven') as string });
    const log = (await readFile(join(folder, 'flags.json.log.jsonl'), 'utf8')).trim().split('\n');
    expect(log.map((line) => JSON.parse(line) as object)).toMatchObject([
      { action: 'set', by: 'dana', reason: 'to begin with', after: { percent: 12.5 } },
      { action: 'set', by: 'dana', reason: 'more', before: { percent: 12.5 }, after: { percent: 25 } },
    ]);
  });

  it('refuses what is no percent, no key, an empty reason or revision, and __proto__, each with why', async () => {
    const { run, document } = await aFlagPlace({ flags: documentOf({ f: { percent: 10 } }) });
    const before = await document();
    for (const percent of ['101', '-1', 'NaN', '50 %', '0.0001']) {
      const { code, stderr } = await run('set', 'f', percent, '--reason', 'x', '--yes');
      expect([percent, code]).toEqual([percent, 2]);
      expect(stderr).toContain('Write a number from 0 to 100 with up to three decimals');
    }
    expect(await run('set', 'f', '20', '--yes')).toMatchObject({ code: 2 });
    expect(await run('set', 'f', '20', '--yes', '--reason', ' ')).toMatchObject({ code: 2 });
    expect(await run('set', '__proto__', '20', '--yes', '--reason', 'x', '--create')).toMatchObject({ code: 8 });
    for (const key of ['', ' ', 'two words', 'red\u001b[31m', 'mark\u202e'])
      expect(await run('set', key, '20', '--yes', '--reason', 'x', '--create')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('Write a flag key') as string,
      });
    for (const revision of ['', ' '])
      expect(await run('set', 'f', '20', '--yes', '--reason', 'x', '--expect-revision', revision)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('as flag status shows it') as string,
      });
    expect(await document()).toBe(before);
  });

  it('of a flag whose rollout cannot be asked about writes nothing, and names the way back that needs no Temporal', async () => {
    const { run, document } = await aFlagPlace({ flags: ownedBy('rollout/production/f@run-1') });
    const before = await document();
    for (const percent of ['50', '10']) {
      const { code, stderr } = await run('set', 'f', percent, '--reason', 'x', '--yes');
      expect(code).toBe(7);
      expect(stderr).toContain('holdpoint rollback production/f --break-glass --reason "why"');
    }
    expect(await document()).toBe(before);
  });

  it('leaves a document alone that clients would not take', async () => {
    const { run, document } = await aFlagPlace({
      flags: '{"flags":{"f":{},"f":{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off"}}}',
    });
    const before = await document();
    const { code, stderr } = await run('set', 'f', '50', '--reason', 'x', '--yes');
    expect([code, stderr]).toEqual([3, expect.stringContaining('a key is there twice')]);
    expect(await document()).toBe(before);
  });

  it.each([
    ['five megabytes', `{"flags":{},"x":"${'x'.repeat(5_000_000)}"}`, 'longer than 4 MiB'],
    ['a depth bomb', `{"flags":{"f":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`, 'is not a flag document'],
  ])('in %s is refused with why, and leaves it alone', async (_, text, why) => {
    const { run, document } = await aFlagPlace({ flags: text });
    const set = await run('set', 'f', '50', '--reason', 'x', '--yes', '--create');
    expect([set.code, set.stderr]).toEqual([3, expect.stringContaining(why)]);
    expect(await document()).toBe(text);
  });

  it('of an unknown flag where one store is broken says both', async () => {
    const { run, folder } = await aFlagPlace({ flags: '{', more: null });
    await writeFile(join(folder, 'more.json'), documentOf({ g: { percent: 25 } }));
    const { code, stderr } = await run('set', 'f', '50', '--reason', 'x', '--yes');
    expect(code).toBe(3);
    expect(stderr).toContain('is not a flag document');
    expect(stderr).toContain('No flag store of this configuration has f');
    expect(await run('set', 'g', '50', '--reason', 'x', '--yes')).toMatchObject({ code: 0 });
  });
});

it('the page about setting flags by hand works as pasted, and shows what is printed', async () => {
  const { run } = await aFlagPlace({ flags: null });
  const text = await readPage('docs/set-a-flag-by-hand.md');
  const [, revision = ''] = /--expect-revision (\w+)/.exec(text) ?? [];
  const [, said = ''] = /^(dana gets .*)$/m.exec(text) ?? [];
  const why = ['--reason', 'a first look', '--yes'];
  expect(await run('set', 'new-checkout', '12.5', '--create', ...why)).toMatchObject({ code: 0 });
  const more = await run('set', 'new-checkout', '25', ...why, '--expect-revision', revision);
  expect([more.code, more.stderr]).toEqual([0, '']);
  expect((await run('evaluate', 'new-checkout', '--user', 'dana')).stdout.trim()).toBe(said);
  const [, inAt = '', outAt = ''] = /at ([\d.]+) % they are in, at ([\d.]+) % not/.exec(text) ?? [];
  for (const [percent, gets] of [
    [inAt, 'on'],
    [outAt, 'off'],
  ] as const) {
    expect(await run('set', 'new-checkout', percent, ...why)).toMatchObject({ code: 0 });
    expect((await run('evaluate', 'new-checkout', '--user', 'dana')).stdout).toContain(`dana gets ${gets}`);
  }
});

describe('flag status', () => {
  it('shows every flag of every store, or one in full; a broken store hides no other', async () => {
    const { run, folder } = await aFlagPlace({ flags: ownedBy('rollout/production/f@run-1'), more: null });
    await writeFile(join(folder, 'more.json'), documentOf({ g: { percent: 0.125 } }));
    const all = await run('status');
    expect(all.code).toBe(0);
    expect(all.stdout).toMatch(/^f +25 % +rollout\/production\/f@run-1 +3 +[0-9a-f]{12} +flags$/m);
    expect(all.stdout).toMatch(/^g +0\.125 % +nobody +0 +[0-9a-f]{12} +more$/m);
    const one = JSON.parse((await run('status', 'g', '--json')).stdout) as object;
    expect(one).toMatchObject({ store: 'more', key: 'g', percent: 0.125, owner: null, exists: true });
    expect(await run('status', 'g', '--store', 'flags')).toMatchObject({ code: 8 });
    expect(await run('status', '--store', 'nope')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there are: flags, more') as string,
    });
    await writeFile(join(folder, 'more.json'), '{');
    const broken = await run('status');
    expect(broken).toMatchObject({ code: 3, stderr: expect.stringContaining('is not a flag document') as string });
    expect(broken.stdout).toContain('rollout/production/f@run-1');
  });
});

describe('flag evaluate', () => {
  it('says who gets what and why, from a store or a file', async () => {
    const { run, folder } = await aFlagPlace({ flags: documentOf({ f: { percent: 50 } }) });
    expect(await run('evaluate', 'f', '--user', 'dana')).toMatchObject({
      code: 0,
      stdout: "dana gets on (true): drawn at 16.479 %, which is below the flag's 50 %.\n",
    });
    const file = ['--file', join(folder, 'flags.json')];
    expect(JSON.parse((await run('evaluate', 'f', '--user', 'dana', '--json', ...file)).stdout)).toMatchObject({
      key: 'f',
      user: 'dana',
      value: true,
      variant: 'on',
      reason: 'TARGETING_MATCH',
      draw: { drawnAt: 16.479, percent: 50 },
    });
    expect(await run('evaluate', 'nope', '--user', 'dana')).toMatchObject({ code: 8 });
    await writeFile(join(folder, 'flags.json'), '{');
    expect(await run('evaluate', 'f')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('flag document') as string,
    });
    expect(await run('evaluate', 'f', '--file', 'gone.json')).toMatchObject({ code: 7 });
  });
});

describe('flag serve', () => {
  it('of a document that is not there says that there is nothing to serve yet, and serves it as soon as it is', async () => {
    const { folder } = await aFlagPlace({ flags: null });
    const server = startCli(['flag', 'serve', '--port', '0', '--json'], { cwd: folder });
    await server.printed('the file is not there. There is nothing to serve yet.');
    await server.printed('"ofrep"');
    await writeFile(join(folder, 'flags.json'), documentOf({ f: { percent: 100 } }));
    await server.printed('The flag document is good again.');
    server.child.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0 });
  });

  it('serves the document of a store with a token from the environment, until it is told to stop', async () => {
    const { run, folder } = await aFlagPlace({ flags: documentOf({ f: { percent: 100 } }) });
    const args = [
      'flag',
      'serve',
      '--port',
      '0',
      '--json',
      '--token-env',
      'FLAG_TOKEN',
      '--cors',
      'https://shop.example',
    ];
    const server = startCli(args, { cwd: folder, env: { FLAG_TOKEN: 'correct-horse' } });
    let printed = '';
    server.child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await server.printed('"ofrep"');
    const places = JSON.parse(printed) as { url: string; document: string; stream: string; ofrep: string };
    const { url } = places;
    expect(places).toEqual({
      url,
      document: `${url}/flags.json`,
      stream: `${url}/flags/stream`,
      ofrep: `${url}/ofrep/v1`,
    });
    const headers = { authorization: 'Bearer correct-horse', origin: 'https://shop.example' };
    expect((await fetch(places.document)).status).toBe(401);
    const answer = await fetch(places.document, { headers });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(await answer.text()).toBe(documentOf({ f: { percent: 100 } }));
    await writeFile(join(folder, 'flags.json'), '{');
    await server.printed('The last good document stays.');
    expect(await (await fetch(places.document, { headers })).text()).toBe(documentOf({ f: { percent: 100 } }));
    expect(await run('serve', '--port', new URL(url).port)).toMatchObject({
      code: 8,
      stderr: expect.stringContaining('something listens there already') as string,
    });
    server.child.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0 });
    expect(await run('serve', '--token-env', 'NOT_THERE')).toMatchObject({ code: 2 });
    expect(await run('serve', '--cors', 'shop.example')).toMatchObject({ code: 2 });
    expect(await run('serve', '--port', '70000')).toMatchObject({ code: 2 });
    expect(await run('serve', '--file', 'x.json', '--store', 'flags')).toMatchObject({ code: 2 });
  });
});
