/** What others' jobs and step plugins were surprised by: each step's own outcome, its time limit, and who cleans up. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openHttpSmokeRunner } from '../../src/adapters/smoke/http-smoke-runner.js';
import { openReportsService, token, type ReportsService } from '../support/reports-service.js';
import { tempFolder } from '../support/temp-folder.js';

let service: ReportsService;
beforeAll(async () => {
  service = await openReportsService();
});
afterAll(() => service.close());

const headers = { authorization: 'Bearer ${TOKEN}' };
const make = (name: string) => ({
  id: `make-${name}`,
  request: { method: 'POST', path: '/reports', headers, body: { title: `${name} of \${run.id}` } },
  expect: { status: 201 },
  save: { [name]: '/id' },
});
const remove = (name: string) => ({
  id: `remove-${name}`,
  request: { method: 'DELETE', path: `/reports/\${saved.${name}}`, headers },
  expect: { status: 204 },
  always: true,
});
const get = (id: string, path: string, over: object = {}) => ({
  id,
  request: { method: 'GET', path, headers },
  expect: { status: 200, ...over },
});

async function runnerOf(steps: readonly object[], over: object = {}) {
  const path = join(await tempFolder(), 'suite.json');
  await writeFile(path, JSON.stringify({ kind: 'SmokeSuite', baseUrl: '${BASE}', steps, ...over }));
  const env = { BASE: service.url, TOKEN: token };
  return openHttpSmokeRunner({ suites: new Map([['reporting', path]]), env });
}

const outcomes = (steps: readonly { readonly id: string; readonly outcome: string }[]) =>
  steps.map(({ id, outcome }) => `${id} ${outcome}`);

it('peer 21 (Argo LongRunningJobWithDeadline): a step or a suite over its time is red, not unknown, and still cleaned up', async () => {
  const before = service.open.size;
  const lateStep = await runnerOf([make('a'), get('slow', '/slow', { within: '50ms' }), remove('a')]);
  const step = await lateStep.run('reporting');
  expect(step).toMatchObject({ outcome: 'failed', detail: 'slow: expected an answer within 50 ms, got none' });
  expect(outcomes(step.steps)).toEqual(['make-a passed', 'slow failed', 'remove-a passed']);
  const lateSuite = await runnerOf([make('a'), get('slow', '/slow'), remove('a')], { within: '200ms' });
  const suite = await lateSuite.run('reporting');
  expect(suite.outcome).toBe('failed');
  expect(outcomes(suite.steps)).toEqual(['make-a passed', 'slow failed', 'remove-a passed']);
  expect(service.open.size).toBe(before);
});

it('peer 32 (Argo step plugin CompletesWhenStepSuccessful): every step has its own outcome and time, in the order written', async () => {
  const runner = await runnerOf([make('a'), get('read', '/reports/${saved.a}'), remove('a')]);
  const { outcome, steps } = await runner.run('reporting');
  expect(outcome).toBe('passed');
  expect(outcomes(steps)).toEqual(['make-a passed', 'read passed', 'remove-a passed']);
  for (const { durationMs } of steps) expect(Number.isInteger(durationMs)).toBe(true);
});

it('peer 33 (Argo step plugin AbortWhenStepFails): a red step ends the suite, but what was made is removed, in the order written, and what was not made is not', async () => {
  const before = service.open.size;
  const asked = service.seen.length;
  const runner = await runnerOf([
    make('a'),
    make('b'),
    get('check', '/reports/${saved.a}', { status: 418 }),
    make('c'),
    remove('b'),
    remove('a'),
    remove('c'),
  ]);
  const { outcome, steps } = await runner.run('reporting');
  expect(outcome).toBe('failed');
  expect(outcomes(steps)).toEqual([
    'make-a passed',
    'make-b passed',
    'check failed',
    'make-c skipped',
    'remove-b passed',
    'remove-a passed',
    'remove-c skipped',
  ]);
  expect(steps.at(-1)?.detail).toBe('there is no ${saved.c} to work on');
  expect(service.seen.slice(asked).map(({ method }) => method)).toEqual(['POST', 'POST', 'GET', 'DELETE', 'DELETE']);
  expect(service.open.size).toBe(before);
});

it('peer 34 (Argo step plugin AbortStepsWhenAborted): a run stopped in the middle of a step cleans up and is neither green nor red', async () => {
  const before = service.open.size;
  const asked = service.seen.length;
  const runner = await runnerOf([
    make('a'),
    get('slow', '/slow', { within: '20s' }),
    make('b'),
    remove('b'),
    remove('a'),
  ]);
  const stop = new AbortController();
  const running = runner.run('reporting', { signal: stop.signal });
  await service.asked(asked + 2);
  stop.abort();
  const { outcome, steps } = await running;
  expect(outcome).toBe('unavailable');
  expect(outcomes(steps)).toEqual([
    'make-a passed',
    'slow skipped',
    'make-b skipped',
    'remove-b skipped',
    'remove-a passed',
  ]);
  expect(service.open.size).toBe(before);
});

it('peer 38 (Argo step plugin ErrorWhenNotConfigured): a suite nobody configured touches nothing, and says where it belongs', async () => {
  const asked = service.seen.length;
  const runner = await runnerOf([make('a')]);
  expect(await runner.run('elsewhere')).toMatchObject({
    outcome: 'unavailable',
    steps: [],
    detail: 'the configuration has no smoke suite of that id; add it under "smoke"',
  });
  expect(service.seen).toHaveLength(asked);
});
