/** Slack: a thread for each rollout. Its first message is a card that is updated in place; every event is a reply. */
import type { Archive } from '../archive/archive.js';
import type { Channel } from './announcer.js';
import { openSlackApi, SlackError, type CallSlack, type SlackAccess } from './slack-api.js';
import { cardOf, replyOf, type SlackMessage } from './slack-message.js';
import { openThreadMemory, threadName, type SlackThread, type ThreadMemory } from './slack-thread.js';

export interface SlackOptions extends SlackAccess {
  /** Slack's id of the room, such as `C0123456789`. */
  readonly room: string;
  /** Where the threads are remembered. */
  readonly archive: Archive;
}

interface Room {
  readonly call: CallSlack;
  readonly room: string;
  readonly memory: ThreadMemory;
}

export function openSlackAnnouncer({ room, archive, ...access }: SlackOptions): Channel {
  const at: Room = { call: openSlackApi(access), room, memory: openThreadMemory(archive, access.id) };
  const inTurn = openTurns();
  return {
    announce: (announcement) => {
      const thread = threadName(announcement);
      return inTurn(thread, async () => {
        const before = await at.memory.read(thread);
        // The first event is the card itself.
        const message = before.root === null ? cardOf(announcement) : replyOf(announcement);
        const after = await postOnce(at, { thread, id: announcement.id, message });
        if (after.root !== null && announcement.at > after.shownAt)
          await updateCard(at, { thread, after, card: cardOf(announcement), shownAt: announcement.at });
      });
    },
    post: (notice) => {
      const thread = threadName(notice);
      const { subject, text } = notice;
      const said = subject === null ? text : `*${subject}*\n${text}`;
      return inTurn(thread, async () => {
        await postOnce(at, { thread, id: notice.id, message: { text: said, blocks: [] }, alone: true });
      });
    },
  };
}

interface Posting {
  readonly thread: string;
  readonly id: string;
  readonly message: SlackMessage;
  /** Stands in the room itself, not in the thread. */
  readonly alone?: boolean;
}

/** Nothing when it is there already, also when only Slack's answer to it was lost. */
async function postOnce(at: Room, { thread, id, message, alone = false }: Posting): Promise<SlackThread> {
  const before = await at.memory.read(thread);
  if (before.posted.includes(id)) return before;
  const root = alone ? null : before.root;
  const sinceMs = before.trying[id];
  const lost = sinceMs === undefined ? null : await findLost(at, { id, root, sinceMs });
  await at.memory.write(thread, { ...before, trying: { [id]: Date.now(), ...before.trying } });
  const ts = lost ?? (await postNow(at, { id, root, message }));
  const after = {
    ...before,
    root: alone ? before.root : (before.root ?? ts),
    posted: [...before.posted, id],
    trying: Object.fromEntries(Object.entries(before.trying).filter(([one]) => one !== id)),
  };
  await at.memory.write(thread, after);
  return after;
}

async function postNow(
  { call, room }: Room,
  { id, root, message }: { readonly id: string; readonly root: string | null; readonly message: SlackMessage },
): Promise<string> {
  const { blocks, ...rest } = message;
  const { ts } = await call({
    method: 'chat.postMessage',
    body: {
      channel: room,
      ...rest,
      ...(blocks.length === 0 ? {} : { blocks }),
      ...(root === null ? {} : { thread_ts: root }),
      unfurl_links: false,
      metadata: { event_type: 'holdpoint', event_payload: { id } },
    },
  });
  return String(ts);
}

interface Lost {
  readonly id: string;
  readonly root: string | null;
  readonly sinceMs: number;
}

/** Null also when the app may not read the room: then it is posted again, for twice is better than never. */
async function findLost({ call, room }: Room, { id, root, sinceMs }: Lost): Promise<string | null> {
  const where = root === null ? {} : { ts: root };
  const method = root === null ? 'conversations.history' : 'conversations.replies';
  const oldest = String(Math.floor(sinceMs / 1_000) - 60);
  try {
    const body = { channel: room, ...where, oldest, limit: 200, include_all_metadata: true };
    const { messages } = (await call({ method, body })) as { messages?: readonly FoundMessage[] };
    return messages?.find(({ metadata }) => metadata?.event_payload?.id === id)?.ts ?? null;
  } catch (error) {
    if (error instanceof SlackError) return null;
    throw error;
  }
}

interface FoundMessage {
  readonly ts?: string;
  readonly metadata?: { readonly event_payload?: { readonly id?: unknown } };
}

interface CardUpdate {
  readonly thread: string;
  readonly after: SlackThread;
  readonly card: SlackMessage;
  readonly shownAt: string;
}

async function updateCard({ call, room, memory }: Room, { thread, after, card, shownAt }: CardUpdate): Promise<void> {
  try {
    await call({ method: 'chat.update', body: { channel: room, ts: after.root, ...card } });
  } catch (error) {
    if (!(error instanceof SlackError) || !gone.has(error.slack)) throw error;
    // Somebody removed the card: the next event makes another.
    await memory.write(thread, { ...after, root: null });
    return;
  }
  await memory.write(thread, { ...after, shownAt });
}

const gone = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'thread_not_found']);

/** One after the other within a thread: two at once would make two cards. */
function openTurns(): <T>(thread: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (thread, work) => {
    const before = last.get(thread) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    last.set(thread, settled);
    try {
      return await mine;
    } finally {
      if (last.get(thread) === settled) last.delete(thread);
    }
  };
}
