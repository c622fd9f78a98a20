/** A flag set by hand in somebody's own service: its revisions are its own, and it may not know every percent. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { shortRevision } from '../../src/cli/render/flags.js';
import { aFlagPlace } from '../support/flag-place.js';
import { answerJson, openLocalServer } from '../support/local-server.js';

it.each([
  [`sha256:${'0123456789abcdef'.repeat(4)}`, '0123456789ab'],
  ['"release-of-today-17"', 'release-of-today-17'],
  ['W/"17"', '17'],
  ['release-of-today-17', 'release-of-today-17'],
  ['none', 'none'],
])('%s is shown as %s', (revision, shown) => {
  expect(shortRevision(revision)).toBe(shown);
});

async function aService() {
  const kept = { version: 17, percent: 25 };
  const server = await openLocalServer((response, { method, body }) => {
    if (method === 'PUT') kept.percent = (JSON.parse(body) as { percent: number }).percent;
    response.setHeader('etag', `"release-of-today-${kept.version}"`);
    answerJson(response, { percent: kept.percent });
  });
  onTestFinished(() => server.close());
  const { folder, run } = await aFlagPlace({ flags: null });
  const house = {
    kind: 'http',
    url: server.url,
    flag: '/flags/{key}',
    keys: ['f'],
    fields: { percent: '/percent', owner: '/owner' },
    percentStep: 1,
    revision: { header: 'etag' },
    write: { method: 'PUT', compare: { header: 'if-match' } },
  };
  const config = {
    temporal: { address: '127.0.0.1:1' },
    flagStores: { house },
    metrics: { kind: 'prometheus', url: 'http://127.0.0.1:1' },
    archive: { kind: 'directory', path: 'packs' },
  };
  await writeFile(join(folder, 'holdpoint.config.yaml'), stringify(config));
  const set = (percent: string, ...more: string[]) => run('set', 'f', percent, '--reason', 'x', '--yes', ...more);
  return { kept, run, set };
}

it('tells two revisions apart that begin alike, and writes nothing on the wrong one', async () => {
  const { kept, run, set } = await aService();
  const [, shown = ''] = /Revision +(.+)/.exec((await run('status', 'f')).stdout) ?? [];
  kept.version = 18;
  expect(await set('50', '--expect-revision', shown)).toMatchObject({
    code: 8,
    stderr: expect.stringContaining('release-of-today-18') as string,
  });
  expect(kept.percent).toBe(25);
  kept.version = 17;
  const done = await set('50', '--expect-revision', shown);
  expect([done.code, done.stderr]).toEqual([0, '']);
  expect(kept.percent).toBe(50);
});

it.each([['a write'], ['a dry run', '--dry-run']])(
  '%s of a percent between the steps that it knows is refused with why',
  async (_, ...more) => {
    const { kept, set } = await aService();
    const { code, stderr } = await set('12.5', ...more);
    expect([code, stderr]).toEqual([8, expect.stringContaining('flag store house knows only steps of 1 %')]);
    expect(kept.percent).toBe(25);
  },
);
