/** Whether a channel could be reached. Nothing is sent to it. */
import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ChannelConfig } from '../config.js';
import { ok, warn, wrong } from './line.js';
import type { Check } from './place.js';

const connectMs = 3_000;

export const channel = (id: string, config: ChannelConfig): Check => {
  const about = `channel ${id}`;
  return {
    about,
    silence: 'wrong',
    look: async () => {
      if (config.kind === 'console') return [ok(about, "writes to the worker's stderr")];
      const { host, url } = placeOf(config);
      const why = await tryConnection(url);
      if (why !== null) {
        const todo = `Correct its ${config.kind === 'email' ? 'server' : 'url'} in the configuration, or mend the receiver; rollouts go on without it`;
        return [wrong(about, `${host} cannot be reached: ${why}`, todo)];
      }
      const whom =
        config.audience === 'customers' ? '; it reaches customers: only what a person sends and confirms' : '';
      return [ok(about, `${host} takes connections; nothing was sent${whom}`)];
    },
  };
};

/** Only its host is shown: the rest of a webhook's address may be its secret. */
function placeOf(config: Exclude<ChannelConfig, { kind: 'console' }>): { readonly host: string; readonly url: URL } {
  if (config.kind !== 'email') {
    const url = new URL(config.url);
    return { host: url.host, url };
  }
  const { hostname, port, protocol } = new URL(config.server);
  const secure = protocol === 'smtps:';
  const host = `${hostname}:${port || (secure ? 465 : 587)}`;
  return { host, url: new URL(`${secure ? 'https' : 'http'}://${host}`) };
}

export const noChannels: Check = {
  about: 'channels',
  silence: 'wrong',
  look: () =>
    Promise.resolve([
      warn(
        'channels',
        'none is configured: nobody is told anything',
        'Add channels to the configuration, such as { room: { kind: console } }',
      ),
    ]),
};

/** Null when there is a connection; with https, one whose certificate is good. */
export function tryConnection({ protocol, hostname, port }: URL): Promise<string | null> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const tls = protocol === 'https:';
  const to = { host, port: Number(port || (tls ? 443 : 80)), autoSelectFamily: true };
  return new Promise((resolve) => {
    const socket = tls ? connectTls({ ...to, servername: isIP(host) === 0 ? host : '' }) : connect(to);
    const finish = (why: string | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(why);
    };
    const timer = setTimeout(() => finish(`no connection within ${connectMs / 1_000} s`), connectMs);
    socket.once(tls ? 'secureConnect' : 'connect', () => finish(null));
    socket.once('error', ({ code = '', message }: NodeJS.ErrnoException) => finish(reasons[code] ?? message));
  });
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused, nothing listens there',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'no such host name',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
};
