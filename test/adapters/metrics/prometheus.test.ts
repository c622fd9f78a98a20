/** The Prometheus source against servers that answer badly, partly, late, or not at all. */
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { MetricsQuery } from '../../../src/adapters/metrics/metrics-source.js';
import { openPrometheus, type PrometheusOptions } from '../../../src/adapters/metrics/prometheus.js';
import { openBlackHole } from '../../support/black-hole.js';
import { answerJson, openLocalServer, type Answerer, type LocalServer } from '../../support/local-server.js';

const at = '2026-12-01T12:00:00.000Z';
const one: MetricsQuery = { id: 'api-p95', value: 'api_p95' };
const two: MetricsQuery = { id: 'saves', value: 'saves' };

const servers: LocalServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function serve(answer: Answerer): Promise<LocalServer> {
  const server = await openLocalServer(answer);
  servers.push(server);
  return server;
}

const open = (url: string, options: Partial<PrometheusOptions> = {}) =>
  openPrometheus({ url, timeoutMs: 10_000, staleAfterMs: 90_000, credentials: null, ...options });

const vector = (...values: readonly (string | number)[]) => ({
  status: 'success',
  data: {
    resultType: 'vector',
    result: values.map((value, index) => ({
      metric: values.length === 1 ? {} : { pod: `pod-${index}` },
      value: [1, value],
    })),
  },
});

/** The reading of one query, asked alone. */
async function readFrom(answer: Answerer, options: Partial<PrometheusOptions> = {}) {
  const { url } = await serve(answer);
  return (await open(url, options).measure([one], at)).get(one.id);
}

describe('a server that answers something else than numbers', () => {
  const html = '<html>\n<body>Bad gateway</body></html>';

  it('says it was HTML', async () => {
    expect(await readFrom((response) => response.end(html))).toEqual({
      kind: 'unavailable',
      reason: 'not-json',
      detail: 'it answered something else than JSON: "<html> <body>Bad gateway</body></html>"',
    });
  });

  it('says which status it was', async () => {
    expect(await readFrom((response) => response.writeHead(500).end(html))).toEqual({
      kind: 'unavailable',
      reason: 'http-error',
      detail: 'status 500: "<html> <body>Bad gateway</body></html>"',
    });
    expect(await readFrom((response) => response.writeHead(401).end())).toEqual({
      kind: 'unavailable',
      reason: 'http-error',
      detail: 'status 401: an empty body',
    });
  });

  it('says that there was nothing in it', async () => {
    expect(await readFrom((response) => response.writeHead(200).end())).toEqual({
      kind: 'unavailable',
      reason: 'not-json',
      detail: 'it answered something else than JSON: an empty body',
    });
  });

  it.each([
    ['no status', { data: { resultType: 'vector', result: [] } }],
    ['a number as a number', vector(0.5)],
    ['a list', []],
    ['null', null],
  ])('does not guess when JSON has %s', async (_, json) => {
    expect(await readFrom((response) => answerJson(response, json))).toMatchObject({
      kind: 'unavailable',
      reason: 'not-json',
      detail: expect.stringMatching(/^it answered JSON that is no query result: /),
    });
  });

  it('does not follow a redirect, and keeps secrets of its address to itself', async () => {
    const other = await serve((response) => answerJson(response, vector('1')));
    const reading = await readFrom((response) =>
      response.writeHead(302, { location: `${other.url.replace('//', '//dana:hunter2@')}/login?token=abc` }).end(),
    );
    expect(reading).toEqual({
      kind: 'unavailable',
      reason: 'http-error',
      detail: `it redirects to ${other.url}/login; redirects are not followed, put the final address into the configuration`,
    });
    expect(other.seen).toEqual([]);
  });

  it('cuts off an answer beyond a mebibyte', async () => {
    let cutOff: Promise<unknown> | undefined;
    const reading = await readFrom((response) => {
      cutOff = new Promise((resolve) => response.on('close', resolve));
      const fill = (): void => {
        while (response.write('x'.repeat(65_536)));
      };
      response.on('drain', fill);
      fill();
    });
    expect(reading).toMatchObject({
      kind: 'unavailable',
      reason: 'too-large',
      detail: expect.stringMatching(/^127\.0\.0\.1:\d+ answered more than 1048576 bytes$/),
    });
    await cutOff;
  });
});

describe('a server that does not answer', () => {
  it('times out when nothing comes', async () => {
    expect(await readFrom(() => undefined, { timeoutMs: 50 })).toMatchObject({
      kind: 'unavailable',
      reason: 'timeout',
      detail: expect.stringMatching(/^127\.0\.0\.1:\d+ did not answer in \d+ ms$/),
    });
  });

  it('times out when the answer never ends', async () => {
    const reading = await readFrom((response) => response.write('{"status":'), { timeoutMs: 50 });
    expect(reading).toMatchObject({ kind: 'unavailable', reason: 'timeout' });
  });

  it('times out when the answer drips in', async () => {
    let dripping: NodeJS.Timeout | undefined;
    const reading = await readFrom(
      (response) => {
        dripping = setInterval(() => response.write(' '), 10);
      },
      { timeoutMs: 50 },
    );
    clearInterval(dripping);
    expect(reading).toMatchObject({ kind: 'unavailable', reason: 'timeout' });
  });

  it.each<[string, Answerer]>([
    ['before it answered', (response) => response.socket?.resetAndDestroy()],
    ['in the middle', (response) => response.write('{"status":', () => response.socket?.resetAndDestroy())],
  ])('says so when the connection is reset %s', async (_, answer) => {
    expect(await readFrom(answer)).toMatchObject({
      kind: 'unavailable',
      reason: 'unreachable',
      detail: expect.stringMatching(
        /^127\.0\.0\.1:\d+: the connection (was reset|broke off) before the answer was complete$/,
      ),
    });
  });

  it('says so when the connection breaks off in the middle', async () => {
    const reading = await readFrom((response) => {
      response.writeHead(200, { 'content-length': '500' });
      response.write('{"status":"success","data":', () => response.destroy());
    });
    expect(reading).toMatchObject({
      kind: 'unavailable',
      reason: 'unreachable',
      detail: expect.stringContaining('before the answer was complete'),
    });
  });

  it('says so when nothing listens', async () => {
    const gone = await openLocalServer((response) => response.end());
    await gone.close();
    const source = open(gone.url);
    const sentence = `${new URL(gone.url).host}: connection refused; nothing listens there`;
    const trouble = { kind: 'unavailable', reason: 'unreachable', detail: sentence };
    expect(Object.fromEntries(await source.measure([one, two], at))).toEqual({ 'api-p95': trouble, saves: trouble });
    expect(await source.ready()).toEqual({ ready: false, detail: sentence });
  });

  // The client's own patience with a connection is ten seconds.
  it('keeps to its limit where every packet is swallowed', { timeout: 8_000 }, async () => {
    const hole = await openBlackHole({ full: true });
    onTestFinished(() => hole.close());
    const readings = await open(`http://${hole.address}`, { timeoutMs: 500 }).measure([one], at);
    expect([...readings.values()]).toEqual([
      { kind: 'unavailable', reason: 'timeout', detail: expect.stringContaining('did not answer in') as string },
    ]);
  });

  it('stops when it is told to', async () => {
    const server = await serve(() => undefined);
    const stop = new AbortController();
    const measuring = open(server.url).measure([one, two], at, { signal: stop.signal });
    await server.asked(1);
    stop.abort();
    const trouble = { kind: 'unavailable', reason: 'timeout', detail: 'the asker stopped waiting' };
    expect(Object.fromEntries(await measuring)).toEqual({ 'api-p95': trouble, saves: trouble });
    expect(server.seen).toHaveLength(1);
  });
});

describe('answers that are no number', () => {
  it.each([
    ['NaN', vector('NaN'), { kind: 'invalid', reason: 'nan', detail: 'the value is NaN' }],
    ['+Inf', vector('+Inf'), { kind: 'invalid', reason: 'infinite', detail: 'the value is +Inf' }],
    ['-Inf', vector('-Inf'), { kind: 'invalid', reason: 'infinite', detail: 'the value is -Inf' }],
    ['an empty text', vector(''), { kind: 'invalid', reason: 'wrong-type', detail: 'the value is "", not a number' }],
    ['a word', vector('many'), { kind: 'invalid', reason: 'wrong-type', detail: 'the value is "many", not a number' }],
    ['nothing', vector(), { kind: 'no-data' }],
    [
      'two series',
      vector('1', '2'),
      {
        kind: 'invalid',
        reason: 'several-series',
        detail: 'the value is 2 series ({pod="pod-0"}, {pod="pod-1"}); aggregate them into one, with sum or max',
      },
    ],
    [
      'a scalar',
      { status: 'success', data: { resultType: 'scalar', result: [1, '1'] } },
      { kind: 'invalid', reason: 'wrong-type', detail: 'the value is a scalar where a vector was expected' },
    ],
    [
      'warnings',
      { ...vector('1'), warnings: ['store a: connection refused', 'store b: timeout'] },
      { kind: 'unavailable', reason: 'partial', detail: 'store a: connection refused; store b: timeout' },
    ],
  ])('%s', async (_, json, reading) => {
    expect(await readFrom((response) => answerJson(response, json))).toEqual(reading);
  });

  it('keeps the value as the server spelled it', async () => {
    const reading = await readFrom((response) => answerJson(response, vector('9.900e-01')));
    expect(reading).toEqual({ kind: 'value', value: 0.99, raw: '9.900e-01' });
  });

  it('takes infos for what they are: an answer', async () => {
    const reading = await readFrom((response) => answerJson(response, { ...vector('1'), infos: ['not a counter'] }));
    expect(reading).toEqual({ kind: 'value', value: 1, raw: '1' });
  });
});

/** Answers by query; a round in one request is refused. */
const byQuery =
  (answers: Readonly<Record<string, (response: Parameters<Answerer>[0]) => void>>): Answerer =>
  (response, { body }) => {
    const query = new URLSearchParams(body).get('query') ?? '';
    const answer = answers[query];
    if (answer !== undefined) answer(response);
    else answerJson(response, { status: 'error', errorType: 'bad_data', error: 'refused together' }, 400);
  };

describe('a round', () => {
  it('is one request at one instant, with the time limit in it', async () => {
    const server = await serve((response) => answerJson(response, vector()));
    await open(`${server.url}/prefix/`, { timeoutMs: 4_000 }).measure(
      [
        { ...one, newest: 'age' },
        { ...two, newest: 'age' },
      ],
      at,
    );
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]).toMatchObject({ method: 'POST', path: '/prefix/api/v1/query' });
    const form = new URLSearchParams(server.seen[0]?.body);
    expect(form.get('time')).toBe(at);
    expect(form.get('timeout')).toBe('4000ms');
    expect(form.get('query')?.split(' or ')).toHaveLength(3);
  });

  it('that is refused is asked again query by query, each with a reason of its own', async () => {
    const server = await serve(
      byQuery({
        api_p95: (response) => answerJson(response, vector('0.2')),
        saves: (response) => answerJson(response, { ...vector('1'), warnings: ['half is missing'] }),
        slow: (response) =>
          answerJson(response, { status: 'error', errorType: 'timeout', error: 'query timed out' }, 503),
      }),
    );
    const broken = { id: 'broken', value: 'sum(' };
    const readings = await open(server.url).measure([one, two, { id: 'slow', value: 'slow' }, broken], at);
    expect(Object.fromEntries(readings)).toEqual({
      'api-p95': { kind: 'value', value: 0.2, raw: '0.2' },
      saves: { kind: 'unavailable', reason: 'partial', detail: 'half is missing' },
      slow: { kind: 'unavailable', reason: 'timeout', detail: 'timeout: query timed out' },
      broken: { kind: 'unavailable', reason: 'bad-query', detail: 'bad_data: refused together' },
    });
    expect(server.seen).toHaveLength(5);
  });

  it('with a series nobody asked for is asked again query by query', async () => {
    const server = await serve((response) => answerJson(response, vector('7')));
    const readings = await open(server.url).measure([one, two], at);
    const reading = { kind: 'value', value: 7, raw: '7' };
    expect(Object.fromEntries(readings)).toEqual({ 'api-p95': reading, saves: reading });
  });

  const error = (errorType: string) => JSON.stringify({ status: 'error', errorType, error: 'no' });
  it.each([
    [401, 'who are you?', 'status 401: "who are you?"'],
    [403, '', 'status 403: an empty body'],
    [404, 'not found', 'status 404: "not found"'],
    [429, 'slow down', 'status 429: "slow down"'],
    [503, 'starting', 'status 503: "starting"'],
    [503, error('unavailable'), 'status 503, unavailable: no'],
  ])('does not ask again when the server is the trouble: %i %s', async (status, body, detail) => {
    const server = await serve((response) => response.writeHead(status).end(body));
    const readings = await open(server.url).measure([one, two], at);
    expect([...readings.values()]).toEqual(Array(2).fill({ kind: 'unavailable', reason: 'http-error', detail }));
    expect(server.seen).toHaveLength(1);
  });

  it.each([
    [500, 'oops'],
    [500, error('internal')],
    [502, 'bad gateway'],
    [504, 'gateway timeout'],
    [503, error('timeout')],
    [422, error('execution')],
  ])('asks query by query when one query may be the trouble: %i %s', async (status, body) => {
    const server = await serve((response, { body: asked }) => {
      if (new URLSearchParams(asked).get('query') === one.value) answerJson(response, vector('0.2'));
      else response.writeHead(status).end(body);
    });
    const readings = await open(server.url).measure([one, two], at);
    expect(readings.get(one.id)).toEqual({ kind: 'value', value: 0.2, raw: '0.2' });
    expect(readings.get(two.id)).toMatchObject({ kind: 'unavailable' });
    expect(server.seen).toHaveLength(3);
  });
});

describe('age and event count', () => {
  const checked: MetricsQuery = { id: 'autosave', value: 'v', events: 'n', newest: 't' };
  const read = async (answers: Readonly<Record<'v' | 'n' | 't', readonly string[]>>) => {
    const { url } = await serve(
      byQuery({
        v: (response) => answerJson(response, vector(...answers.v)),
        n: (response) => answerJson(response, vector(...answers.n)),
        t: (response) => answerJson(response, vector(...answers.t)),
      }),
    );
    return (await open(url).measure([checked], at)).get('autosave');
  };
  const atSeconds = Date.parse(at) / 1_000;
  const fresh = [String(atSeconds - 90)];

  it('takes a sample that is just young enough', async () => {
    expect(await read({ v: ['0.99'], n: ['12.5'], t: fresh })).toEqual({
      kind: 'value',
      value: 0.99,
      raw: '0.99',
      events: 12.5,
    });
  });

  it('case 27: calls an older one stale, whatever its value', async () => {
    const stale = {
      kind: 'unavailable',
      reason: 'stale',
      detail: 'the newest sample is 1 min 31 s old, the limit is 1 min 30 s',
    };
    expect(await read({ v: ['0.99'], n: ['12'], t: [String(atSeconds - 91)] })).toEqual(stale);
    expect(await read({ v: ['NaN'], n: ['12'], t: [String(atSeconds - 91)] })).toEqual(stale);
  });

  it('calls a value stale when nothing is scraped any more', async () => {
    expect(await read({ v: ['0.99'], n: ['12'], t: [] })).toMatchObject({ kind: 'unavailable', reason: 'stale' });
    expect(await read({ v: [], n: [], t: [] })).toEqual({ kind: 'no-data' });
  });

  it('counts no events as none, and refuses fewer than none', async () => {
    expect(await read({ v: ['0.99'], n: [], t: fresh })).toMatchObject({ kind: 'value', events: 0 });
    expect(await read({ v: ['0.99'], n: ['-1'], t: fresh })).toEqual({
      kind: 'invalid',
      reason: 'negative-events',
      detail: 'the event count is -1',
    });
    expect(await read({ v: ['0.99'], n: ['NaN'], t: fresh })).toEqual({
      kind: 'invalid',
      reason: 'nan',
      detail: 'the event count is NaN',
    });
  });
});

describe('credentials', () => {
  const sees = async (options: Partial<PrometheusOptions>) => {
    const server = await serve((response) => response.writeHead(403).end('no'));
    const source = open(server.url, options);
    const readings = await source.measure([one], at);
    return { header: server.seen[0]?.headers.authorization, told: JSON.stringify([source.server, ...readings]) };
  };

  it('are sent, and never shown', async () => {
    const bearer = await sees({ credentials: { kind: 'bearer', token: 'secret-token' } });
    expect(bearer.header).toBe('Bearer secret-token');
    expect(bearer.told).not.toContain('secret-token');
    const basic = await sees({ credentials: { kind: 'basic', username: 'lee', password: 'pa:ss' } });
    expect(basic.header).toBe(`Basic ${Buffer.from('lee:pa:ss').toString('base64')}`);
    expect(basic.told).not.toContain('pa:ss');
  });

  it('in the address are taken out of its name', () => {
    expect(open('https://lee:secret@metrics.example/p/').server).toBe('https://metrics.example/p');
  });
});
