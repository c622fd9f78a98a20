/** A real SMTP server on a free port of this machine that keeps the mails it takes, and can be told to refuse. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly from: string;
  readonly to: readonly string[];
}

interface MailServerOptions {
  readonly login?: { readonly username: string; readonly password: string };
  /** Offers no STARTTLS. */
  readonly plain?: boolean;
}

export async function openMailServer({ login, plain = true }: MailServerOptions = {}) {
  const mails: ReceivedMail[] = [];
  const refusals: { readonly at: 'to' | 'data'; readonly code: number; readonly only?: string }[] = [];
  const take = (at: 'to' | 'data', address = ''): Error | null => {
    const index = refusals.findIndex((one) => one.at === at && (one.only === undefined || one.only === address));
    if (index === -1) return null;
    const [{ code, only }] = refusals.splice(index, 1) as [(typeof refusals)[number]];
    return Object.assign(new Error(only === undefined ? 'not now' : 'no such mailbox'), { responseCode: code });
  };
  const server = new SMTPServer({
    disabledCommands: plain ? ['STARTTLS'] : [],
    authOptional: login === undefined,
    allowInsecureAuth: true,
    onAuth: (auth, _session, done) =>
      auth.username === login?.username && auth.password === login?.password
        ? done(null, { user: auth.username ?? '' })
        : done(Object.assign(new Error('no such user'), { responseCode: 535 })),
    onRcptTo: ({ address }, _session, done) => done(take('to', address)),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const refusal = take('data');
        if (refusal !== null) return done(refusal);
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          ...parse(Buffer.concat(chunks).toString('utf8')),
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
        });
        return done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refuse: (...next: readonly (typeof refusals)[number][]) => refusals.push(...next),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** Headers unfolded, and the body of a mail that has one part. */
function parse(raw: string): Pick<ReceivedMail, 'headers' | 'text'> {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const headers = Object.fromEntries(
    head
      .replaceAll(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        decodeWords(line.slice(line.indexOf(':') + 1).trim()),
      ]),
  );
  return { headers, text: decodeBody(rest.join('\r\n\r\n'), headers['content-transfer-encoding'] ?? '7bit') };
}

function decodeBody(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  return encoding === 'quoted-printable' ? decodeQuoted(body.replaceAll('=\r\n', '')) : body;
}

const decodeQuoted = (text: string): string =>
  Buffer.from(
    text.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');

const decodeWords = (text: string): string =>
  text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(word, 'base64').toString('utf8')
        : decodeQuoted(word.replaceAll('_', ' ')),
    );
