/** From configuration to channels: what rollouts announce on, and what people send through. */
import type { Writable } from 'node:stream';
import type { ChannelConfig, Config } from '../../config.js';
import { noticeProblem } from '../../core/notice.js';
import { AdapterError } from '../adapter-error.js';
import type { Archive } from '../archive/archive.js';
import type { Announcer, Channel, Poster } from './announcer.js';
import { openConsoleAnnouncer } from './console-announcer.js';
import { openEmailAnnouncer } from './email-announcer.js';
import { openSlackAnnouncer } from './slack-announcer.js';
import { openWebhookAnnouncer } from './webhook-announcer.js';

export interface Channels {
  /** By channel id; only those that reach staff. */
  readonly announcers: ReadonlyMap<string, Announcer>;
  /** By channel id; all of them. */
  readonly posters: ReadonlyMap<string, Poster>;
}

export interface ChannelParts {
  /** Where console channels and troubles go. */
  readonly talk: Writable;
  /** Where Slack's threads are remembered. */
  readonly archive: Archive;
}

export function openChannels(channels: Config['channels'], parts: ChannelParts): Channels {
  const opened = Object.entries(channels).map(
    ([id, channel]) => [id, channel.audience, openChannel(id, channel, parts)] as const,
  );
  return {
    announcers: new Map(opened.flatMap(([id, audience, one]) => (audience === 'staff' ? [[id, one]] : []))),
    posters: new Map(
      opened.map(([id, audience, one]) => [id, guarded(id, { audience, post: (notice) => one.post(notice) })]),
    ),
  };
}

/** The last of several looks at who may read it: whatever called, nothing reaches customers without a person's yes. */
const guarded = (id: string, poster: Poster): Poster => ({
  audience: poster.audience,
  post: async (notice) => {
    const problem = noticeProblem(notice, { id, audience: poster.audience });
    if (problem !== null) throw new AdapterError(`channel ${id}`, 'refused', `Nothing was sent. ${problem}`);
    await poster.post(notice);
  },
});

function openChannel(id: string, channel: ChannelConfig, { talk, archive }: ChannelParts): Channel {
  switch (channel.kind) {
    case 'console':
      return openConsoleAnnouncer(talk);
    case 'webhook':
      return openWebhookAnnouncer({ id, url: channel.url, secret: channel.secret });
    case 'slack':
      return openSlackAnnouncer({ id, archive, url: channel.url, token: channel.token, room: channel.room });
    case 'email': {
      const { server, plaintext, credentials, from, to } = channel;
      const onTrouble = (sentence: string): void => void talk.write(`${sentence}\n`);
      return openEmailAnnouncer({ id, server, plaintext, credentials, from, to, onTrouble });
    }
  }
}
