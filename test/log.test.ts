/** What a worker logs, and what it must not. */
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Config } from '../src/config.js';
import { openLog, secretsIn, toTemporalLogger } from '../src/log.js';
import { seldom } from '../src/seldom.js';

function aLog(level: string, secrets: readonly string[] = []) {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  return { lines, log: openLog(stream, { level, secrets }) };
}

describe('a line', () => {
  it('has level, time and message, and the rollout of what the SDK logs', () => {
    const { lines, log } = aLog('info');
    toTemporalLogger(log).info('Flag moved.', { workflowId: 'rollout/production/x', runId: 'r', taskToken: 'long' });
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/Z$/) as string,
        rollout: 'rollout/production/x',
        runId: 'r',
        msg: 'Flag moved.',
      },
    ]);
  });

  it('has an error whole, with its cause', () => {
    const { lines, log } = aLog('info');
    toTemporalLogger(log).error('It failed.', { error: new Error('outer', { cause: new Error('inner') }) });
    expect(JSON.stringify(lines[0])).toContain('inner');
  });

  it('never has a secret, also one that JSON spells in another way', () => {
    const { lines, log } = aLog('info', ['hunter"2', 'token-1234']);
    log.warn({ url: 'https://x/?t=token-1234', deep: { why: 'hunter"2' } }, 'bad: token-1234');
    expect(lines[0]).toMatchObject({ url: 'https://x/?t=[secret]', deep: { why: '[secret]' }, msg: 'bad: [secret]' });
  });

  it('is not there for what a worker of ours has not, or for each retry while the server is away', () => {
    const { lines, log } = aLog('info');
    const temporal = toTemporalLogger(log);
    temporal.warn('No workflows registered, not polling for workflow tasks');
    for (let call = 0; call < 5; call += 1) temporal.warn('gRPC call retried', { target: 'temporalio_client::retry' });
    temporal.warn('something else', { target: 'temporalio_sdk_core' });
    expect(lines.map(({ msg }) => msg)).toEqual(['gRPC call retried', 'something else']);
  });
});

it('every secret of a configuration is known', () => {
  const config = {
    temporal: { apiKey: 'api-key-1' },
    metrics: { credentials: { kind: 'basic', username: 'ops', password: 'password-1' } },
    channels: { a: { kind: 'console' }, b: { kind: 'webhook', url: 'https://x', secret: 'whsec_1' } },
    flagStores: {
      c: { kind: 'file', path: '/flags.json', afterWrite: { headers: { 'x-key': 'key-of-the-cdn-1' } } },
      d: { kind: 'unleash', token: '*:*.token-1' },
      e: { kind: 'http', headers: { authorization: 'Bearer token-of-flags-1', 'cache-control': 'no-cache' } },
    },
  } as unknown as Config;
  expect(secretsIn(config)).toEqual([
    'api-key-1',
    'password-1',
    'whsec_1',
    'key-of-the-cdn-1',
    '*:*.token-1',
    'Bearer token-of-flags-1',
    'token-of-flags-1',
  ]);
});

it('seldom lets the first through, then one each while', () => {
  let now = 0;
  const isNews = seldom(10, () => now);
  expect([isNews('a'), isNews('a'), isNews('b')]).toEqual([true, false, true]);
  now = 9;
  expect(isNews('a')).toBe(false);
  now = 10;
  expect([isNews('a'), isNews('a')]).toEqual([true, false]);
});
