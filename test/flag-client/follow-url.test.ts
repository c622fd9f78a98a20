/** A document behind a URL: pushed, asked for while nothing is pushed, and what is kept when neither answers. */
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createFlags, type CreateFlags } from '../../src/flag-client/create-flags.js';
import type { Flags } from '../../src/flag-client/open-flags.js';
import { documentOf } from '../support/a-flag-document.js';
import { openLocalServer, type LocalServer } from '../support/local-server.js';

const at = (percent: number, revision = 1): string => documentOf({ f: { percent, revision } });

/** What a flag server answers now; a test changes it at will. */
interface FlagServer {
  readonly server: LocalServer;
  readonly flags: Flags;
  readonly streams: ServerResponse[];
  document: string;
  poll: (response: ServerResponse, etag: string | undefined) => void;
  stream: (response: ServerResponse) => void;
  count(path: string): number;
}

const event = (document: string): string => `event: flags\ndata: ${document}\n\n`;

async function serve(options: Partial<CreateFlags> & Partial<Pick<FlagServer, 'poll' | 'stream'>> = {}) {
  const streams: ServerResponse[] = [];
  const one: { -readonly [Name in keyof FlagServer]?: FlagServer[Name] } = {
    streams,
    document: at(0),
    poll: (response, etag) => {
      const tag = `"${Buffer.from(own.document).toString('base64').slice(-12)}"`;
      if (etag === tag) response.writeHead(304).end();
      else response.writeHead(200, { etag: tag }).end(own.document);
    },
    stream: (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(event(own.document));
    },
    count: (path) => own.server.seen.filter((request) => request.path === path).length,
    ...('poll' in options ? { poll: options.poll } : {}),
    ...('stream' in options ? { stream: options.stream } : {}),
  };
  const own = one as FlagServer;
  one.server = await openLocalServer((response, { path, headers }) => {
    if (path === '/flags.json') return own.poll(response, headers['if-none-match']);
    streams.push(response);
    own.stream(response);
  });
  const { poll: _, stream: __, ...rest } = options;
  const flags = createFlags({ url: `${own.server.url}/flags.json`, ...rest });
  one.flags = flags;
  onTestFinished(async () => {
    flags.close();
    await own.server.close();
  });
  return own;
}

const noStream = (response: ServerResponse): void => void response.writeHead(404).end('<html>not here</html>');

const obeys = (flags: Flags, value: boolean): Promise<void> =>
  vi.waitFor(() => expect(flags.get('f', !value)).toBe(value), { timeout: 20_000, interval: 5 });
const until = (met: () => void): Promise<void> => vi.waitFor(met, { timeout: 20_000, interval: 5 });

/** From here on, pauses and limits end when the test says so. The network's own timers are real. */
const stopClock = (): void => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
afterEach(() => void vi.useRealTimers());

/** Second by second, so that the network keeps up. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await vi.advanceTimersByTimeAsync(1_000);
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('asked for', () => {
  it('brings the tag of what is held, and takes 304 for an answer', async () => {
    const world = await serve({ stream: noStream, pollMs: 20 });
    expect(await world.flags.ready).toEqual({ loaded: true, problem: null });
    await until(() => expect(world.count('/flags.json')).toBeGreaterThan(2));
    const tags = world.server.seen
      .filter(({ path }) => path === '/flags.json')
      .map(({ headers }) => headers['if-none-match']);
    expect(tags[0]).toBeUndefined();
    expect(tags.at(-1)).toMatch(/^"/);
    world.document = at(100, 2);
    await obeys(world.flags, true);
  });

  it.each<[string, FlagServer['poll'], RegExp]>([
    ['an error', (response) => void response.writeHead(503).end(), /status 503/],
    ['a page', (response) => void response.writeHead(200).end('<html></html>'), /flag document: .*JSON/],
    ['half a document', (response) => void response.writeHead(200).end(at(100).slice(0, 50)), /flag document: /],
    [
      'five megabytes',
      (response) => void response.writeHead(200).end(`{"flags":{},"x":"${'x'.repeat(5_000_000)}"}`),
      /4 MiB/,
    ],
    ['nothing, and hangs up', (response) => void response.destroy(), /flags.json: .*(closed|hang up|terminated)/],
    [
      'an older revision, out of a cache',
      (response) => void response.writeHead(200).end(at(0, 3)),
      /an older revision of f/,
    ],
  ])('answers with %s: the last good one is kept, and the next is obeyed', async (_, answer, why) => {
    const world = await serve({ stream: noStream, pollMs: 20, poll: (response) => void response.end(at(100, 7)) });
    await obeys(world.flags, true);
    world.poll = answer;
    await until(() => expect(world.flags.status().problem).toMatch(why));
    expect(world.flags.details('f', false)).toMatchObject({ value: true, reason: 'STATIC' });
    expect(world.flags.details('f', false).problem).toMatch(why);
    world.poll = (response) => void response.end(at(0, 8));
    await obeys(world.flags, false);
    expect(world.flags.status().problem).toBeNull();
  });
});

describe('pushed', () => {
  it('the stream begins with what is held already: nobody is told twice', async () => {
    const world = await serve();
    let told = 0;
    world.flags.onChange(() => (told += 1));
    await until(() => expect(world.streams).toHaveLength(1));
    world.document = at(100, 2);
    world.streams[0]?.write(event(world.document));
    await obeys(world.flags, true);
    expect(told).toBe(2);
  });

  it('is obeyed without being asked for, whole or in pieces, heartbeats between', async () => {
    const world = await serve();
    await until(() => expect(world.streams).toHaveLength(1));
    const [stream] = world.streams;
    stream?.write(`: beat\n\n${event(at(100, 2))}`);
    await obeys(world.flags, true);
    for (const piece of `: beat\n\n${event(at(0, 3))}`.match(/.{1,7}/gs) ?? []) {
      stream?.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await obeys(world.flags, false);
    stream?.write(event(at(0, 4)) + event(at(100, 5)));
    await obeys(world.flags, true);
    expect(world.count('/flags.json')).toBe(1);
  });

  it('an older revision is obeyed: no cache lies between', async () => {
    const world = await serve({ poll: (response) => void response.end(at(0, 9)), stream: noStream, pollMs: 20 });
    await world.flags.ready;
    world.stream = (response) => void response.writeHead(200).write(event(at(100, 2)));
    await obeys(world.flags, true);
  });

  it('a broken document is said, and the stream goes on', async () => {
    const world = await serve();
    await until(() => expect(world.streams).toHaveLength(1));
    world.streams[0]?.write(event('{"flags":'));
    await until(() => expect(world.flags.status().problem).toMatch(/flag document: /));
    world.streams[0]?.write(event(at(100, 2)));
    await obeys(world.flags, true);
    expect(world.flags.status().problem).toBeNull();
  });

  it('comes back after the stream has ended, and what changed meanwhile is asked for, without the old tag', async () => {
    const world = await serve({ pollMs: 50 });
    await until(() => expect(world.streams).toHaveLength(1));
    world.streams[0]?.write(event(at(100, 2)));
    await obeys(world.flags, true);
    // The very document that the first answer's tag was for.
    world.streams[0]?.destroy();
    await obeys(world.flags, false);
    await until(() => expect(world.streams.length).toBeGreaterThan(1));
    world.streams.at(-1)?.write(event(at(100, 3)));
    await obeys(world.flags, true);
  });
});

describe('nobody answers', () => {
  it('at the start: ready with the reason, the default meanwhile, and obeyed when somebody does', async () => {
    const gone = await openLocalServer(() => {});
    await gone.close();
    const flags = createFlags({ url: `${gone.url}/flags.json`, pollMs: 20 });
    onTestFinished(() => flags.close());
    const { loaded, problem } = await flags.ready;
    expect(loaded).toBe(false);
    expect(problem).toMatch(/flags.json: .*ECONNREFUSED/);
    expect(flags.details('f', 'mine')).toMatchObject({
      value: 'mine',
      errorCode: 'PROVIDER_NOT_READY',
      errorMessage: problem,
    });
  });

  it('a half-open answer is given up after 5 s', async () => {
    stopClock();
    const world = await serve({ poll: () => {} });
    await world.server.asked(1);
    await vi.advanceTimersByTimeAsync(5_000);
    const { loaded, problem } = await world.flags.ready;
    expect({ loaded, problem }).toEqual({ loaded: false, problem: `${world.server.url}/flags.json: Error: silence` });
  });

  it('a half-open stream is given up after 40 s without a beat, and the document is asked for', async () => {
    stopClock();
    const world = await serve();
    await until(() => expect(world.streams).toHaveLength(1));
    for (let beat = 0; beat < 5; beat += 1) {
      world.streams[0]?.write(': beat\n\n');
      await vi.advanceTimersByTimeAsync(15_000);
    }
    expect(world.streams).toHaveLength(1);
    world.document = at(100, 2);
    world.stream = () => {};
    await vi.advanceTimersByTimeAsync(40_000);
    await until(() => expect(world.count('/flags.json')).toBeGreaterThan(1));
    await obeys(world.flags, true);
  });

  it('an outage of ten minutes costs few questions, and ends with the stream again', async () => {
    stopClock();
    const world = await serve({ stream: noStream });
    await until(() => expect(world.count('/flags/stream')).toBe(1));
    world.poll = (response) => void response.destroy();
    await pass(600);
    const asked = world.count('/flags.json');
    // Pauses of 15 to 30 s once it has backed off.
    expect(asked).toBeGreaterThan(15);
    expect(asked).toBeLessThan(50);
    expect(world.flags.status().problem).not.toBeNull();
    world.document = at(100, 2);
    world.poll = (response) => void response.end(world.document);
    world.stream = (response) => void response.writeHead(200).write(event(world.document));
    await pass(40);
    expect(world.flags.get('f', false)).toBe(true);
    expect(world.flags.status().problem).toBeNull();
    world.streams.at(-1)?.write(event(at(0, 3)));
    await obeys(world.flags, false);
  });
});

describe('a page', () => {
  const events = new EventTarget();
  const wakeUp = (name: string): boolean => events.dispatchEvent(new Event(name));
  const asPage = (): void => {
    vi.stubGlobal('addEventListener', events.addEventListener.bind(events));
    onTestFinished(() => void vi.unstubAllGlobals());
  };

  it('that is online again does not wait for the pause to end', async () => {
    asPage();
    stopClock();
    const world = await serve({ poll: (response) => void response.destroy(), stream: noStream });
    await until(() => expect(world.count('/flags/stream')).toBeGreaterThan(0));
    await vi.advanceTimersByTimeAsync(300_000);
    await new Promise((resolve) => setImmediate(resolve));
    world.document = at(100);
    world.poll = (response) => void response.end(world.document);
    vi.useRealTimers();
    await new Promise((resolve) => setTimeout(resolve, 100));
    wakeUp('online');
    await obeys(world.flags, true);
  });

  it('that slept asks at once when its stream was silent, and lets it be when it was not', async () => {
    asPage();
    stopClock();
    const world = await serve();
    await until(() => expect(world.streams).toHaveLength(1));
    await until(() => expect(world.flags.status().loaded).toBe(true));
    vi.setSystemTime(Date.now() + 10_000);
    wakeUp('visibilitychange');
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.streams[0]?.destroyed).toBe(false);
    // Timers stood still while the machine slept.
    vi.setSystemTime(Date.now() + 3_600_000);
    world.document = at(100, 2);
    wakeUp('visibilitychange');
    await obeys(world.flags, true);
  });
});

it('asks for nothing after it is closed, wherever it was', async () => {
  const world = await serve({ pollMs: 20 });
  await until(() => expect(world.streams).toHaveLength(1));
  world.flags.close();
  await until(() => expect(world.streams[0]?.destroyed).toBe(true));
  const before = world.server.seen.length;
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(world.server.seen).toHaveLength(before);
  expect(world.flags.status().problem).toBeNull();
});

it('sends the headers it was given, to a stream of another name too', async () => {
  const world = await serve({ headers: { authorization: 'Bearer t' }, pollMs: 20, streamUrl: null });
  await until(() => expect(world.count('/flags.json')).toBeGreaterThan(1));
  expect(world.streams).toHaveLength(0);
  expect(world.server.seen.every(({ headers }) => headers.authorization === 'Bearer t')).toBe(true);
});
