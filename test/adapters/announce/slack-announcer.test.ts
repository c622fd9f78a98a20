/** The Slack channel against a server that speaks Slack's API: one card a rollout, a thread, nothing twice. */
import { afterEach, describe, expect, it } from 'vitest';
import { openSlackAnnouncer } from '../../../src/adapters/announce/slack-announcer.js';
import { openMemoryArchive } from '../../../src/adapters/archive/memory-archive.js';
import type { Archive } from '../../../src/adapters/archive/archive.js';
import { announcement, announcerContract, notice } from '../../support/contracts/announcer-contract.js';
import { openSlackServer, slackToken } from '../../support/slack-server.js';

const room = 'C0123456789';
type SlackServer = Awaited<ReturnType<typeof openSlackServer>>;

const servers: SlackServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function openChannel(archive: Archive = openMemoryArchive()) {
  const slack = await openSlackServer(room);
  servers.push(slack);
  const open = (over: { token?: string; room?: string } = {}) =>
    openSlackAnnouncer({ id: 'release-room', url: slack.url, token: slackToken, room, archive, ...over });
  return { slack, archive, open, channel: open() };
}

announcerContract('slack', async () => {
  const { slack, channel } = await openChannel();
  let told = 0;
  // The contract tells one rollout several things under one id: here each is an event of its own.
  const announcer = {
    ...channel,
    announce: (one: Parameters<typeof channel.announce>[0]) => {
      told += 1;
      return channel.announce({ ...one, id: `${one.id}/${told}` });
    },
  };
  const posted = () => slack.seen.filter(({ path }) => path.endsWith('/chat.postMessage'));
  return {
    announcer,
    received: () => posted().map(({ body }) => body.replaceAll('\\n', '\n')),
    close: () => slack.close(),
  };
});

const event = (seq: number, over: Parameters<typeof announcement>[0] = {}) =>
  announcement({ id: `run-1/${seq}/x`, at: `2026-12-01T12:0${seq}:00.000Z`, ...over });

describe('a rollout', () => {
  it('has one card that shows how it stands now, and every later event in its thread', async () => {
    const { slack, channel } = await openChannel();
    await channel.announce(event(1, { kind: 'started', percent: 0, what: 'day0 has begun.' }));
    await channel.announce(event(2, { kind: 'moved', percent: 10, what: 'It is at 10 %.' }));
    await channel.announce(event(3, { kind: 'rolled-back', percent: 0, what: 'It is back at 0 %.' }));
    const [card, ...replies] = slack.messages;
    expect(card?.thread_ts).toBeUndefined();
    expect(card?.text).toBe('production/reporting-unified at 0 %: rolled-back. It is back at 0 %.');
    expect(replies.map(({ thread_ts, text, reply_broadcast }) => [thread_ts, text, reply_broadcast])).toEqual([
      [card?.ts, 'production/reporting-unified at 10 %: moved. It is at 10 %.', false],
      [card?.ts, 'production/reporting-unified at 0 %: rolled-back. It is back at 0 %.', true],
    ]);
  });

  it('has a thread of its own, apart from other rollouts and runs', async () => {
    const { slack, channel } = await openChannel();
    await channel.announce(event(1));
    await channel.announce(event(2, { runId: 'run-2' }));
    await channel.announce(event(3, { flag: 'other' }));
    await channel.announce(event(4));
    expect(slack.messages.map(({ thread_ts }) => thread_ts ?? null)).toEqual([null, null, null, slack.messages[0]?.ts]);
  });

  it('is gone on with by another worker, who finds the thread in the archive', async () => {
    const { slack, channel, open } = await openChannel();
    await channel.announce(event(1));
    const other = open();
    await other.announce(event(2));
    await other.announce(event(1));
    expect(slack.messages.map(({ thread_ts }) => thread_ts ?? null)).toEqual([null, slack.messages[0]?.ts]);
  });

  it('is told by all its events at once with one card all the same', async () => {
    const { slack, channel } = await openChannel();
    await Promise.all([1, 2, 3, 4, 5].map((seq) => channel.announce(event(seq))));
    expect(slack.messages.filter(({ thread_ts }) => thread_ts === undefined)).toHaveLength(1);
    expect(slack.messages).toHaveLength(5);
  });

  it('keeps its newest event on the card when an older one comes late', async () => {
    const { slack, channel } = await openChannel();
    await channel.announce(event(1));
    await channel.announce(event(5, { what: 'newest' }));
    await channel.announce(event(3, { what: 'late' }));
    expect(slack.messages[0]?.text).toContain('newest');
    expect(slack.messages).toHaveLength(3);
  });

  it('gets another card when somebody removed the first', async () => {
    const { slack, channel } = await openChannel();
    await channel.announce(event(1));
    await channel.announce(event(2));
    slack.fail('chat.update', { kind: 'error', error: 'message_not_found' });
    await channel.announce(event(3));
    await channel.announce(event(4));
    expect(slack.messages[3]?.thread_ts).toBeUndefined();
  });

  it('is told about without the archive, too', async () => {
    const broken: Archive = {
      get: () => Promise.reject(new Error('gone')),
      put: () => Promise.reject(new Error('full')),
    };
    const { slack, channel } = await openChannel(broken);
    await channel.announce(event(1));
    await channel.announce(event(2));
    expect(slack.messages[1]?.thread_ts).toBe(slack.messages[0]?.ts);
  });
});

describe('nothing twice', () => {
  it('the same event again is no call at all', async () => {
    const { slack, channel } = await openChannel();
    await channel.announce(event(1));
    await channel.post(notice());
    const calls = slack.seen.length;
    await channel.announce(event(1));
    await channel.post(notice());
    expect(slack.seen.length).toBe(calls);
  });

  it.each([1, 2])('an answer that was lost: message %i is found again, not posted again', async (seq) => {
    const { slack, channel } = await openChannel();
    if (seq === 2) await channel.announce(event(1));
    slack.fail('chat.postMessage', { kind: 'lost-answer' });
    await expect(channel.announce(event(seq))).rejects.toMatchObject({ reason: 'unreachable' });
    expect(slack.messages).toHaveLength(seq);
    await channel.announce(event(seq));
    await channel.announce(event(3));
    expect(slack.messages).toHaveLength(seq + 1);
    expect(slack.messages.at(-1)?.thread_ts).toBe(slack.messages[0]?.ts);
  });

  it('but rather twice than never, where the app may not read the room', async () => {
    const { slack, channel } = await openChannel();
    slack.fail('chat.postMessage', { kind: 'lost-answer' });
    slack.fail('conversations.history', { kind: 'error', error: 'missing_scope' });
    await expect(channel.announce(event(1))).rejects.toThrow();
    await channel.announce(event(1));
    expect(slack.messages).toHaveLength(2);
  });

  it('a reply that arrived while the card could not be updated', async () => {
    const { slack, channel } = await openChannel();
    await channel.announce(event(1));
    slack.fail('chat.update', { kind: 'status', status: 503 });
    await expect(channel.announce(event(2, { what: 'second' }))).rejects.toMatchObject({ reason: 'bad-answer' });
    await channel.announce(event(2, { what: 'second' }));
    expect(slack.messages).toHaveLength(2);
    expect(slack.messages[0]?.text).toContain('second');
  });
});

describe('trouble', () => {
  it.each([
    [{ kind: 'status', status: 429, headers: { 'retry-after': '7' } }, 'rate-limited', 7_000, /fewer calls/],
    [{ kind: 'status', status: 429 }, 'rate-limited', 30_000, /fewer calls/],
    [{ kind: 'error', error: 'ratelimited' }, 'rate-limited', 30_000, /fewer calls/],
    [{ kind: 'status', status: 500 }, 'bad-answer', null, /status 500/],
    [{ kind: 'error', error: 'is_archived' }, 'refused', null, /Slack says is_archived; the room is archived/],
    [{ kind: 'error', error: 'not_in_channel' }, 'not-permitted', null, /invite the app into the room/],
    [{ kind: 'error', error: 'a_new_one' }, 'refused', null, /Slack says a_new_one; look up a_new_one/],
  ] as const)('%j says what to do, and how long to wait', async (...[trouble, reason, retryAfterMs, message]) => {
    const { slack, channel } = await openChannel();
    slack.fail('chat.postMessage', trouble);
    await expect(channel.announce(event(1))).rejects.toMatchObject({
      name: 'AdapterError',
      adapter: 'channel release-room',
      reason,
      retryAfterMs,
      message: expect.stringMatching(message) as string,
    });
    await channel.announce(event(1));
    expect(slack.messages).toHaveLength(1);
  });

  it('with the token is named, and the token is not', async () => {
    const { open } = await openChannel();
    const failure: unknown = await open({ token: 'xoxb-wrong' })
      .announce(event(1))
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      reason: 'not-permitted',
      message: expect.stringContaining('invalid_auth') as string,
    });
    expect(String(failure)).not.toContain('xoxb-wrong');
    await expect(open({ room: 'C0000000000' }).announce(event(1))).rejects.toThrow(/correct room/);
  });
});

it('foreign text is no mention, no link and no call to the whole room', async () => {
  const { slack, channel } = await openChannel();
  await channel.announce(event(1, { what: '<!channel> & <https://evil.example|click>', who: ['<@U1>'] }));
  const text = JSON.stringify(slack.messages[0]?.blocks);
  expect(text).toContain('&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;');
  expect(text).not.toMatch(/<[@!#h]/);
});

it('the text of a person stands in the room itself, and the rollout’s card stays the card', async () => {
  const { slack, channel } = await openChannel();
  await channel.post(notice());
  await channel.announce(event(1));
  await channel.announce(event(2));
  expect(slack.messages.map(({ thread_ts }) => thread_ts ?? null)).toEqual([null, null, slack.messages[1]?.ts]);
  expect(slack.messages[0]?.text).toBe(
    '*Reports are saved slowly*\nSaving a report takes up to a minute.\n\nNext word: 2026-12-01 13:05 UTC',
  );
});
