/** `--expect-revision` with what `flag status` shows, in a store whose revisions are its server's own. */
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

it('tells two revisions apart that begin alike, and writes nothing on the wrong one', async () => {
  let version = 17;
  let percent = 25;
  const server = await openLocalServer((response, { method, body }) => {
    if (method === 'PUT') percent = (JSON.parse(body) as { percent: number }).percent;
    response.setHeader('etag', `"release-of-today-${version}"`);
    answerJson(response, { percent });
  });
  onTestFinished(() => server.close());
  const { folder, run } = await aFlagPlace({ flags: null });
  const house = {
    kind: 'http',
    url: server.url,
    flag: '/flags/{key}',
    keys: ['f'],
    fields: { percent: '/percent', owner: '/owner' },
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
  const [, shown = ''] = /Revision +(.+)/.exec((await run('status', 'f')).stdout) ?? [];
  const set = () => run('set', 'f', '50', '--reason', 'x', '--yes', '--expect-revision', shown);
  version = 18;
  expect(await set()).toMatchObject({ code: 8, stderr: expect.stringContaining('release-of-today-18') as string });
  expect(percent).toBe(25);
  version = 17;
  const done = await set();
  expect([done.code, done.stderr]).toEqual([0, '']);
  expect(percent).toBe(50);
});
