/** The service over real HTTP: what users, operators and Prometheus get, healthy and broken. */
import { readFile, writeFile } from 'node:fs/promises';
import { Script } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileFlagStore } from '../../src/adapters/flags/file-flag-store.js';
import { createFlags } from '../../src/flag-client/create-flags.js';
import { aTarget, targetFlagKey as flagKey, type TestTarget } from '../support/a-target.js';

let target: TestTarget;
const openAt = async (percent: number): Promise<void> => {
  target = await aTarget(percent);
};
afterEach(() => target.close());

interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

async function ask(path: string, { method = 'GET', body, headers = {} }: Asked = {}) {
  const reply = await fetch(`${target.url}${path}`, {
    method,
    headers: { 'x-user-id': 'dana', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  const isJson = reply.headers.get('content-type')?.includes('json') === true;
  return { status: reply.status, text, json: (isJson ? JSON.parse(text) : {}) as Record<string, unknown> };
}

const turn = (knobs: object) => ask('/__knobs', { method: 'PUT', body: knobs });

async function newReport(headers: Record<string, string> = {}): Promise<string> {
  const { json } = await ask('/api/reports', {
    method: 'POST',
    body: { templateId: 'daily', title: 'Today' },
    headers,
  });
  return `/api/reports/${String(json['id'])}`;
}

/** The value of one series, by name and exact labels beside the default ones. */
async function metric(name: string, labels: Record<string, string>): Promise<number | undefined> {
  const { text } = await ask('/metrics');
  const line = text.split('\n').find((one) => {
    if (!one.startsWith(`${name}{`)) return false;
    const found = one.slice(one.indexOf('{'), one.lastIndexOf('}') + 1);
    return Object.entries({ env: 'production', service: 'viewer', ...labels }).every(([label, value]) =>
      found.includes(`${label}="${value}"`),
    );
  });
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
}

describe('a report', () => {
  beforeEach(() => openAt(0));

  it('goes from template to export, signature and deletion', async () => {
    expect((await ask('/api/templates')).json['templates']).toMatchObject([{ id: 'daily' }, {}, {}]);
    const report = await newReport();
    const saved = await ask(report, { method: 'PUT', body: { text: 'Said "hello", <b>twice</b>', version: 1 } });
    expect(saved).toMatchObject({ status: 200, json: { version: 2, state: 'draft', createdBy: 'dana' } });
    expect((await ask(report)).json).toMatchObject({ version: 2, title: 'Today' });
    expect((await ask(`${report}/export?format=csv`)).text).toContain('"Said ""hello"", <b>twice</b>"');
    expect((await ask(`${report}/export?format=html`)).text).toContain('&lt;b&gt;twice');
    expect((await ask(`${report}/sign`, { method: 'POST' })).status).toBe(422);
    expect((await ask(`${report}/finalize`, { method: 'POST' })).json).toMatchObject({ state: 'finalized' });
    expect((await ask(report, { method: 'PUT', body: { text: 'late', version: 2 } })).status).toBe(422);
    expect((await ask(`${report}/sign`, { method: 'POST' })).json).toMatchObject({ state: 'signed' });
    expect((await ask(report, { method: 'DELETE' })).status).toBe(204);
    expect((await ask(report)).status).toBe(404);
  });

  it('refuses a save that started from an older version, and counts it as a conflict, not as a failure', async () => {
    const report = await newReport();
    await ask(report, { method: 'PUT', body: { text: 'first', version: 1 } });
    const late = await ask(report, { method: 'PUT', body: { text: 'second', version: 1 } });
    expect(late).toMatchObject({ status: 409, json: { version: 2 } });
    expect(await metric('version_conflicts_total', { variant: 'off' })).toBe(1);
    expect(await metric('autosave_attempts_total', { variant: 'off', outcome: 'success' })).toBe(1);
    expect(await metric('autosave_attempts_total', { variant: 'off', outcome: 'failure' })).toBe(0);
  });

  it.each([
    { path: '/api/reports', method: 'POST', body: { templateId: 'unknown' }, status: 400 },
    { path: '/api/reports', method: 'POST', body: 'text', status: 400 },
    { path: '/api/reports/unknown', method: 'GET', status: 404 },
    { path: '/nowhere', method: 'GET', status: 404 },
    { path: '/api/reports', method: 'PATCH', status: 404 },
  ])('$method $path with $body is refused', async ({ path, status, ...asked }) => {
    expect((await ask(path, asked)).status).toBe(status);
  });

  it('takes JSON only, named as such, and not without end', async () => {
    const post = (body: string, type: string) =>
      fetch(`${target.url}/api/reports`, { method: 'POST', body, headers: { 'content-type': type } });
    expect((await post('{"templateId":"daily"}', 'text/plain')).status).toBe(415);
    expect((await post('{"templateId":', 'application/json')).status).toBe(400);
    expect((await post(JSON.stringify('x'.repeat(100_000)), 'application/json')).status).toBe(413);
  });

  it('takes the note a browser leaves about having been offline, in whatever form', async () => {
    const beacon = await fetch(`${target.url}/api/offline`, { method: 'POST', body: 'offline for 3 s' });
    expect(beacon.status).toBe(204);
    expect(await metric('network_offline_events_total', { variant: 'off' })).toBe(1);
  });
});

describe('the flag', () => {
  it('decides by user, shows on the page and is counted by variant', async () => {
    await openAt(50);
    const users = Array.from({ length: 40 }, (_, index) => `user-${index}`);
    const shown = await Promise.all(users.map((user) => ask('/', { headers: { 'x-user-id': user } })));
    const on = shown.filter(({ text }) => text.includes('data-variant="on"')).length;
    expect(on).toBeGreaterThan(5);
    expect(on).toBeLessThan(35);
    expect(await metric('flag_exposures_total', { flag: flagKey, variant: 'on' })).toBe(on);
    expect(await metric('flag_exposures_total', { flag: flagKey, variant: 'off' })).toBe(40 - on);
    expect(await metric('reporting_flag_percent', { flag: flagKey })).toBe(50);
    expect((await ask('/__flag')).json).toMatchObject({ percent: 50, problem: null, changes: [{ percent: 50 }] });
  });

  it('does not change what a request names itself, and does not count that as an exposure', async () => {
    await openAt(0);
    const { text } = await ask('/', { headers: { 'x-reporting-variant': 'on' } });
    expect(text).toContain('data-variant="on"');
    expect(await metric('flag_exposures_total', { flag: flagKey, variant: 'on' })).toBe(0);
  });

  it('obeys every flip and the rollback of the real store, in order', async () => {
    await openAt(0);
    const store = openFileFlagStore({ id: 'local', path: target.flagsPath, onTrouble: console.error });
    const who = { key: flagKey, owner: 'us', by: 'dana', reason: 'test' };
    const obeys = (percent: number) =>
      expect.poll(async () => (await ask('/__flag')).json['percent'], { timeout: 5_000 }).toBe(percent);
    const claimed = await store.claim({ ...who, replaces: 'somebody', safeState: { percent: 0, set: {} } });
    let { revision, fence } = claimed.kind === 'written' ? claimed.receipt : { revision: '', fence: 0 };
    for (const percent of [10, 12.345, 100]) {
      const flipped = await store.flip({ ...who, percent, fence, expectedRevision: revision });
      revision = flipped.kind === 'written' ? flipped.receipt.revision : '';
      await obeys(percent);
    }
    await store.writeSafeState({ ...who, fence, asked: 'automatic', safeState: { percent: 0, set: {} } });
    await obeys(0);
    const changes = (await ask('/__flag')).json['changes'] as { percent: number }[];
    expect(changes.map(({ percent }) => percent)).toEqual([0, 10, 12.345, 100, 0]);
  });

  it('that is broken in a good document is off, and health says why; nobody is counted as exposed', async () => {
    await openAt(100);
    const text = await readFile(target.flagsPath, 'utf8');
    await writeFile(target.flagsPath, text.replace('"ENABLED"', '"enabled"'));
    await expect
      .poll(async () => (await ask('/healthz')).json, { timeout: 5_000 })
      .toEqual({ status: 'ok', flagPercent: 0, flagProblem: 'the flag: cannot read state "enabled"' });
    expect((await ask('/')).text).toContain('data-variant="off"');
    expect(await metric('flag_exposures_total', { flag: flagKey, variant: 'off' })).toBe(0);
  });

  it('is kept while the file is broken; health and metrics say so', async () => {
    await openAt(100);
    await writeFile(target.flagsPath, 'broken');
    await expect.poll(() => metric('reporting_flag_stale', { flag: flagKey }), { timeout: 5_000 }).toBe(1);
    expect((await ask('/healthz')).json).toEqual({
      status: 'ok',
      flagPercent: 100,
      flagProblem: expect.stringContaining('is not valid JSON') as string,
    });
    expect((await ask('/')).text).toContain('data-variant="on"');
  });
});

describe('the page', () => {
  it('needs nothing from elsewhere, and cannot be made to run a script of somebody else', async () => {
    await openAt(0);
    const reply = await fetch(`${target.url}/?user=${encodeURIComponent('"><script>alert(1)</script>')}`);
    const text = await reply.text();
    expect(text).not.toContain('<script>');
    expect([...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, from]) => from)).toEqual([
      '/flags.script.js',
      '/page.js',
    ]);
    expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self';");
    expect(text).toContain('<html lang="en">');
    expect(text).toContain('<label for="user">');
    expect(text).toContain('role="status"');
    for (const path of ['/flags.script.js', '/page.js']) {
      const script = await fetch(`${target.url}${path}`);
      expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
      // It parses.
      expect(new Script(await script.text())).toBeInstanceOf(Script);
    }
  });

  it('brings the document along for the first paint: what everybody may see of it, and nothing that ends the script', async () => {
    await openAt(25);
    const written = JSON.parse(await readFile(target.flagsPath, 'utf8')) as { flags: Record<string, unknown> };
    written.flags['</script><script>alert(1)'] = { state: 'DISABLED' };
    await writeFile(target.flagsPath, JSON.stringify(written));
    await expect.poll(async () => (await ask('/flags.json')).text, { timeout: 5_000 }).toContain('alert(1)');
    const { text } = await ask('/');
    const inlined = /<script type="application\/json" id="holdpoint-flags">(.*)<\/script>/.exec(text)?.[1] ?? '';
    expect(JSON.parse(inlined)).toEqual((await ask('/flags.json')).json);
    expect(inlined).not.toContain('<');
    expect(inlined).not.toContain('holdpoint.owner');
    expect(text).toContain('<span id="percent">25 %</span>');
  });

  it('agrees with the service about every user: both ask the same client', async () => {
    await openAt(25);
    const flags = createFlags({ document: (await ask('/flags.json')).json });
    for (const user of ['', 'dana', ...Array.from({ length: 20 }, (_, index) => `user-${index}`)]) {
      const { text } = await ask('/', { headers: { 'x-user-id': user } });
      const variant = flags.get(flagKey, false, { targetingKey: user }) ? 'on' : 'off';
      expect(text).toContain(`data-variant="${variant}"`);
    }
  });
});

describe('a knob', () => {
  beforeEach(() => openAt(0));
  const on = { 'x-reporting-variant': 'on' };
  const off = { 'x-reporting-variant': 'off' };
  const save = (report: string, headers: Record<string, string>) =>
    ask(report, { method: 'PUT', body: { text: 'x', version: 1 }, headers });

  it('breaks the share of autosaves it says, for the new code path only', async () => {
    await turn({ autosaveFailureRatio: 0.5 });
    const report = await newReport();
    const statuses: number[] = [];
    for (let times = 0; times < 4; times += 1) statuses.push((await save(report, on)).status);
    expect(statuses.filter((status) => status === 500)).toHaveLength(2);
    expect((await save(await newReport(), off)).status).toBe(200);
    expect(await metric('autosave_attempts_total', { variant: 'on', outcome: 'failure' })).toBe(2);
    expect(await metric('autosave_attempts_total', { variant: 'off', outcome: 'failure' })).toBe(0);
    expect(
      await metric('http_requests_total', {
        variant: 'on',
        endpoint: '/api/reports/:id',
        method: 'PUT',
        status: '500',
      }),
    ).toBe(2);
  });

  it.each([
    { knob: 'finalizeFailureRatio', method: 'POST', path: '/finalize', name: 'report_finalize_total' },
    { knob: 'finalizeFailureRatio', method: 'POST', path: '/sign', name: 'report_sign_total' },
    { knob: 'exportFailureRatio', method: 'GET', path: '/export?format=csv', name: 'export_attempts_total' },
  ])('$knob breaks $method $path', async ({ knob, method, path, name }) => {
    await turn({ [knob]: 1 });
    const report = await newReport();
    expect((await ask(`${report}${path}`, { method, headers: on })).status).toBe(500);
    expect(await metric(name, { variant: 'on', outcome: 'failure' })).toBe(1);
  });

  it('makes conflicts', async () => {
    await turn({ conflictRatio: 1 });
    expect(await save(await newReport(), on)).toMatchObject({ status: 409, json: { version: 1 } });
  });

  it('slows down the answers it affects', async () => {
    await turn({ latencyMs: 60, affects: 'everyone' });
    await ask('/api/templates');
    expect(
      await metric('http_request_duration_seconds_sum', { variant: 'off', endpoint: '/api/templates' }),
    ).toBeGreaterThan(0.05);
  });

  it('takes the service down for everyone, its metrics too, but never the way back', async () => {
    await turn({ down: true, affects: 'everyone' });
    expect((await ask('/')).status).toBe(503);
    expect((await ask('/healthz')).status).toBe(503);
    expect((await ask('/metrics')).status).toBe(503);
    await turn({});
    expect((await ask('/healthz')).status).toBe(200);
  });

  it('that does not exist or does not fit is refused with every problem, and nothing is turned', async () => {
    const { status, json } = await turn({ autosaveFailureRatio: 7, speed: 1 });
    expect(status).toBe(400);
    expect(json['error']).toContain('a number from 0 to 1');
    expect(json['error']).toContain('No knob "speed"');
    expect((await ask('/__knobs')).json).toMatchObject({ affects: 'on', autosaveFailureRatio: 0 });
  });
});

it('shows every series at 0 before anything happened', async () => {
  await openAt(0);
  for (const variant of ['on', 'off']) {
    expect(await metric('autosave_attempts_total', { variant, outcome: 'failure' })).toBe(0);
    expect(await metric('export_attempts_total', { variant, format: 'csv', outcome: 'failure' })).toBe(0);
    expect(await metric('http_requests_total', { variant, endpoint: '/api/reports', status: '500' })).toBe(0);
  }
  expect(await metric('active_reports', {})).toBe(0);
});
