/** `holdpoint smoke` against the real service: by file and by id, green, red, cut short, and every file it writes. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { aTarget, type TestTarget } from '../support/a-target.js';
import { runCli, startCli } from '../support/cli.js';

let target: TestTarget;
let cwd: string;
beforeAll(async () => {
  target = await aTarget(10);
  cwd = await mkdtemp(join(tmpdir(), 'holdpoint-smoke-'));
  await cp('ops/smoke/reporting.yaml', join(cwd, 'reporting.yaml'));
  await writeFile(
    join(cwd, 'holdpoint.config.yaml'),
    stringify({
      temporal: { address: '127.0.0.1:1' },
      flagStores: { flags: { kind: 'file', path: 'flags.json' } },
      metrics: { kind: 'prometheus', url: 'http://127.0.0.1:1' },
      archive: { kind: 'directory', path: 'packs' },
      smoke: { reporting: 'reporting.yaml' },
    }),
  );
});
afterAll(async () => {
  await target.close();
  await rm(cwd, { recursive: true, force: true });
});

const smoke = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runCli(['smoke', ...args], { cwd, env });

interface Shown {
  readonly suite: string;
  readonly outcome: string;
  readonly steps: readonly { readonly id: string; readonly outcome: string; readonly withinMs: number }[];
}

it('by its id, with the address from the environment: green, each step with its limit', async () => {
  const { code, stdout, stderr } = await smoke(['reporting', '--json'], { REPORTING_URL: target.url });
  expect([code, stderr]).toEqual([0, '']);
  const shown = JSON.parse(stdout) as Shown;
  expect(shown).toMatchObject({ suite: 'reporting', outcome: 'passed' });
  expect(shown.steps.every(({ outcome, withinMs }) => outcome === 'passed' && withinMs <= 2_000)).toBe(true);
  for (const id of ['health', 'on-page', 'templates', 'flag-on', 'flag-off', 'on-create', 'on-get', 'on-delete'])
    expect(shown.steps.map((step) => step.id)).toContain(id);
});

it('red: exit code 4, the step, its reason, cleanup, and the same in JUnit', async () => {
  await target.turn({ exportFailureRatio: 1 });
  const args = ['./reporting.yaml', '--base-url', target.url, '--junit', 'out.xml'];
  const { code, stdout } = await smoke(args);
  await target.turn({});
  expect(code).toBe(4);
  expect(stdout).toMatch(/^failed +on-export +\d+ ms of 2 s +expected status 200, got 500: /m);
  expect(stdout).toMatch(/^skipped +on-finalize/m);
  expect(stdout).toMatch(/^passed +on-delete/m);
  expect(stdout).toContain('reporting: red, 12 of 22 steps passed');
  const report = await readFile(join(cwd, 'out.xml'), 'utf8');
  expect(report).toMatch(/<testsuite name="reporting" tests="22" failures="1" errors="0" skipped="9" time="/);
  expect(report).toMatch(
    /<testcase name="on-export" classname="reporting" time="[\d.]+"><failure message="expected status 200, got 500: [^"<>]*&quot;Broken on purpose/,
  );
  expect(report.match(/<testcase /g)).toHaveLength(22);
  expect(await (await fetch(`${target.url}/metrics`)).text()).toMatch(/^active_reports.* 0$/m);
});

it.each<[what: string, args: readonly string[], code: number, stderr: string | RegExp]>([
  [
    'an id nobody knows',
    ['reports'],
    2,
    /no smoke suite reports in .*there are: reporting\. .* such as \.\/reports\.yaml/,
  ],
  ['no such file', ['./other.yaml'], 3, /^\.\/other\.yaml:1:1: there is no such file; /],
  [
    'a suite without a step',
    ['empty.yaml'],
    3,
    /^empty\.yaml:3:1: steps: found an empty list; .*Give a first step, such as \{/,
  ],
  ['a variable that is not set', ['reporting'], 3, /variable REPORTING_URL is not set.*\n.*--base-url\.$/m],
  ['an address that is none', ['reporting', '--base-url', 'reporting'], 2, /Write an http or https address/],
])('%s', async (...[, args, code, stderr]) => {
  await writeFile(join(cwd, 'empty.yaml'), 'kind: SmokeSuite\nbaseUrl: http://127.0.0.1:1\nsteps: []\n');
  const ended = await smoke(args);
  expect([ended.code, ended.stdout]).toEqual([code, '']);
  expect(ended.stderr).toMatch(stderr);
});

it('Ctrl-C in the middle: cleanup is done, nothing is called green, exit code 130', async () => {
  const asked: string[] = [];
  let arrived = (): void => undefined;
  const hanging = new Promise<void>((resolve) => (arrived = resolve));
  const server: Server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url === '/slow') arrived();
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":7}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const step = (id: string, method: string, path: string) => ({
    id,
    request: { method, path },
    expect: { status: 200 },
  });
  const steps = [
    { ...step('make', 'POST', '/things'), save: { thing: '/id' } },
    step('slow', 'GET', '/slow'),
    { ...step('delete', 'DELETE', '/things/${saved.thing}'), always: true },
  ];
  await writeFile(join(cwd, 'slow.yaml'), stringify({ kind: 'SmokeSuite', baseUrl: url, steps }));
  const running = startCli(['smoke', 'slow.yaml', '--json', '--junit', 'cut.xml'], { cwd });
  await hanging;
  running.child.kill('SIGINT');
  const { code, stdout } = await running.ended;
  server.closeAllConnections();
  server.close();
  expect(asked).toEqual(['POST /things', 'GET /slow', 'DELETE /things/7']);
  expect([code, (JSON.parse(stdout) as Shown).outcome]).toEqual([130, 'unavailable']);
  expect(await readFile(join(cwd, 'cut.xml'), 'utf8')).toContain('errors="1" skipped="1"');
});
