/** The HTTP smoke runner against a real service: what it sends, what it shows, and that it always cleans up. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHttpSmokeRunner } from '../../../src/adapters/smoke/http-smoke-runner.js';
import { smokeRunnerContract } from '../../support/contracts/smoke-runner-contract.js';
import { openReportsService, token, type ReportsService } from '../../support/reports-service.js';
import { tempFolder } from '../../support/temp-folder.js';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';

let service: ReportsService;
beforeAll(async () => {
  service = await openReportsService();
});
afterAll(() => service.close());

const auth = { headers: { authorization: 'Bearer ${TOKEN}' } };
const create = {
  id: 'create',
  request: { method: 'POST', path: '/reports', ...auth, body: { title: 'smoke ${run.id}' } },
  expect: { status: 201, json: { state: 'draft' } },
  save: { id: '/id' },
};
const read = (over: object = {}) => ({
  id: 'check',
  request: { method: 'GET', path: '/reports/${saved.id}', ...auth },
  expect: { status: 200, json: { id: '${saved.id}', title: 'smoke ${run.id}' } },
  ...over,
});
const tidy = {
  id: 'tidy',
  request: { method: 'DELETE', path: '/reports/${saved.id}', ...auth },
  expect: { status: 204 },
  always: true,
};
const get = (path: string, over: object = {}) => ({
  id: 'get',
  request: { method: 'GET', path, ...auth },
  expect: { status: 200, ...over },
});
const suiteOf = (...steps: object[]) => ({ kind: 'SmokeSuite', baseUrl: '${BASE}', steps });
const env = () => ({ BASE: service.url, TOKEN: token });

async function runnerOf(suite: object | string, environment: Record<string, string> = env()) {
  const path = join(await tempFolder(), 'suite.yaml');
  await writeFile(path, typeof suite === 'string' ? suite : JSON.stringify(suite));
  return { path, runner: openHttpSmokeRunner({ suites: new Map([['one', path]]), env: environment }) };
}
const run = async (...steps: object[]) => (await runnerOf(suiteOf(...steps))).runner.run('one');

smokeRunnerContract('http', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-'));
  const suites: Record<string, object> = {
    green: suiteOf(create, tidy),
    red: suiteOf(create, read({ expect: { status: 200, json: { state: 'final' } } }), read({ id: 'check-more' }), tidy),
    broken: { kind: 'SmokeSuite' },
  };
  const paths = Object.entries(suites).map(([id, suite]) => ({ id, suite, path: join(folder, `${id}.json`) }));
  for (const { path, suite } of paths) await writeFile(path, JSON.stringify(suite));
  return {
    runner: openHttpSmokeRunner({ suites: new Map(paths.map(({ id, path }) => [id, path])), env: env() }),
    close: () => rm(folder, { recursive: true }),
  };
});

describe('what it sends', () => {
  it('carries what earlier steps saved: a number stays a number, a path is encoded', async () => {
    const before = service.seen.length;
    const outcome = await run(
      { ...create, save: { id: '/id', tag: '/tags/1', odd: '/a~1b/~0' } },
      read(),
      {
        id: 'echo',
        request: {
          method: 'PUT',
          path: '/echo',
          headers: { 'X-Run': '${run.id}' },
          body: { id: '${saved.id}', text: 'no ${saved.id}', list: ['${saved.tag}', '${saved.odd}', null] },
        },
        expect: { status: 200 },
      },
      tidy,
    );
    expect(outcome).toMatchObject({ outcome: 'passed' });
    const [made, asked, echoed] = service.seen.slice(before);
    const { title } = JSON.parse(made?.body ?? '') as { title: string };
    expect(title).toMatch(/^smoke [0-9a-f-]{36}$/);
    expect(made?.headers).toMatchObject({ authorization: `Bearer ${token}`, 'content-type': 'application/json' });
    const id = Number(asked?.path.split('/').at(-1));
    expect(echoed?.headers['x-run']).toBe(title.replace('smoke ', ''));
    expect(JSON.parse(echoed?.body ?? '')).toEqual({ id, text: `no ${id}`, list: ['b', 7, null] });
  });

  it('keeps a saved text inside its part of a path', async () => {
    const before = service.seen.length;
    await run(
      {
        ...get('/echo'),
        id: 'odd',
        request: { method: 'POST', path: '/echo', body: 'a/../b?c' },
        save: { it: '/body' },
      },
      { ...get('/reports/${saved.it}'), expect: { status: 404 } },
    );
    expect(service.seen[before]?.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(service.seen[before + 1]?.path).toBe('/reports/a%2F..%2Fb%3Fc');
  });

  it('has an id of its own in every run', async () => {
    const before = service.seen.length;
    const { runner } = await runnerOf(suiteOf(create, tidy));
    await runner.run('one');
    await runner.run('one');
    const titles = service.seen.slice(before).flatMap(({ method, body }) => (method === 'POST' ? [body] : []));
    expect(new Set(titles).size).toBe(2);
  });
});

describe('what it shows of a step that fails', () => {
  const detailOf = async (step: object) => (await run(step)).steps[0]?.detail;

  it.each<[string, object, string]>([
    ['another status', get('/reports/1'), 'expected status 200, got 404: "{"error":"no such report"}"'],
    ['a redirect', get('/moved'), 'expected status 200, got 302: an empty body'],
    ['no JSON', get('/page', { json: {} }), 'expected JSON, got "<html> welcome</html>"'],
    ['a missing member', get('/echo', { json: { ok: true } }), 'expected /ok to be true, got nothing'],
    [
      'something else deep inside',
      get('/echo', { json: { headers: { connection: 'close', host: 'elsewhere' } } }),
      'expected /headers/connection to be "close", got "keep-alive"',
    ],
    ['no answer in time', get('/slow', { within: '50ms' }), 'expected an answer within 50 ms, got none'],
    [
      'nothing to save',
      { ...get('/echo'), save: { id: '/nowhere' } },
      expect.stringMatching(/^expected something to save at \/nowhere, got "\{/),
    ],
  ])('%s', async (_, step, detail) => {
    expect(await detailOf(step)).toEqual(detail);
  });

  it('a service that is not there', async () => {
    const gone = await openReportsService();
    await gone.close();
    const { runner } = await runnerOf(suiteOf(get('/healthz')), { ...env(), BASE: gone.url });
    expect(await runner.run('one')).toMatchObject({
      outcome: 'failed',
      detail: `get: expected an answer, got none: ${new URL(gone.url).host}: connection refused; nothing listens there`,
    });
  });

  it('without the secrets it sent, when the service echoes them', async () => {
    const outcome = await run(get('/echo', { status: 418 }));
    expect(outcome.detail).toContain('Bearer ***');
    expect(JSON.stringify(outcome)).not.toContain(token);
  });
});

describe('cleanup', () => {
  it('runs after a failure, in the middle too, and what it was to clean is gone', async () => {
    const before = service.open.size;
    const outcome = await run(create, read({ expect: { status: 500 } }), tidy, { ...get('/echo'), id: 'after' });
    expect(outcome.steps.map(({ outcome: one }) => one)).toEqual(['passed', 'failed', 'passed', 'skipped']);
    expect(service.open.size).toBe(before);
  });

  it('that has nothing to work on is skipped and says why', async () => {
    const outcome = await run({ ...create, expect: { status: 200 } }, tidy, {
      ...get('/echo'),
      id: 'more',
      always: true,
    });
    expect(outcome.steps.slice(1)).toEqual([
      { id: 'tidy', outcome: 'skipped', durationMs: 0, detail: 'there is no ${saved.id} to work on' },
      { id: 'more', outcome: 'passed', durationMs: expect.any(Number) },
    ]);
  });

  it('that fails makes the suite red, and the rest of it still runs', async () => {
    const outcome = await run({ ...get('/nowhere'), always: true }, { ...get('/echo'), id: 'more', always: true });
    expect(outcome).toMatchObject({ outcome: 'failed', steps: [{ outcome: 'failed' }, { outcome: 'passed' }] });
  });

  it('runs after a stop, which is neither red nor green', async () => {
    const before = service.open.size;
    const { runner } = await runnerOf(suiteOf(create, get('/slow', { within: '20s' }), read(), tidy));
    const stop = new AbortController();
    const seen = service.seen.length;
    const running = runner.run('one', { signal: stop.signal });
    await service.asked(seen + 2);
    stop.abort();
    expect(await running).toMatchObject({
      outcome: 'unavailable',
      detail: 'the run was stopped before it was over',
      steps: [
        { id: 'create', outcome: 'passed' },
        { id: 'get', outcome: 'skipped', detail: 'the asker stopped waiting' },
        { id: 'check', outcome: 'skipped' },
        { id: 'tidy', outcome: 'passed' },
      ],
    });
    expect(service.open.size).toBe(before);
  });

  it('case 62: runs when the time of the whole suite is over', async () => {
    const before = service.open.size;
    const { runner } = await runnerOf({ ...suiteOf(create, get('/slow'), read(), tidy), within: '300ms' });
    const outcome = await runner.run('one');
    expect(outcome.steps.map(({ outcome: one }) => one)).toEqual(['passed', 'failed', 'skipped', 'passed']);
    expect(service.open.size).toBe(before);
  });

  it('is all that a run does which was stopped before it began', async () => {
    const { runner } = await runnerOf(suiteOf(create, { ...get('/echo'), always: true }));
    const outcome = await runner.run('one', { signal: AbortSignal.abort() });
    expect(outcome).toMatchObject({ outcome: 'unavailable', steps: [{ outcome: 'skipped' }, { outcome: 'passed' }] });
  });
});

describe('a suite that cannot be run', () => {
  it('says every problem of its file with its place', async () => {
    const { path, runner } = await runnerOf(
      ['kind: SmokeSuite', 'baseUrl: http://127.0.0.1:1', 'stepps: []', 'steps:', '  - id: A B', ''].join('\n'),
    );
    const { outcome, detail } = await runner.run('one');
    expect(outcome).toBe('unavailable');
    expect(detail).toContain(`${path}:3:1: unknown key "stepps"; known: `);
    expect(detail).toContain('Did you mean "steps"?');
    expect(detail).toContain(`${path}:5:9: steps[0].id: found "A B"`);
  });

  it('says which file is not there', async () => {
    const runner = openHttpSmokeRunner({ suites: new Map([['one', '/nowhere/suite.yaml']]), env: {} });
    expect((await runner.run('one')).detail).toBe(
      '/nowhere/suite.yaml:1:1: there is no such file; correct its path under "smoke" in the configuration',
    );
  });

  it('says which variable is missing, before it touches the service', async () => {
    const before = service.seen.length;
    const { path, runner } = await runnerOf(suiteOf(create), { BASE: service.url, TOKEN: '' });
    expect((await runner.run('one')).detail).toBe(
      `${path}: the environment variable TOKEN is not set; set it where this process starts, such as: export TOKEN=…`,
    );
    expect(service.seen).toHaveLength(before);
  });

  it.each(['ftp://example.com', 'http://lee:secret@example.com', 'not an address', 'http://'])(
    'says that %s is no base address, without repeating it',
    async (base) => {
      const { runner } = await runnerOf(suiteOf(create), { ...env(), BASE: base });
      const { outcome, detail } = await runner.run('one');
      expect(outcome).toBe('unavailable');
      expect(detail).toMatch(/baseUrl must be an http or https address without credentials, such as http/);
      expect(detail).not.toContain('secret');
    },
  );
});
