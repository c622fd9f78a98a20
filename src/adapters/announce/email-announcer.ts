/** E-mail over SMTP: one mail for each event, to everybody the configuration names. */
import type { Transporter } from 'nodemailer';
import { AdapterError, type AdapterErrorReason } from '../adapter-error.js';
import { excerpt } from '../ask-http.js';
import type { Channel } from './announcer.js';
import { mailOf, noticeMail, type EmailMessage } from './email-message.js';

export interface EmailOptions {
  /** The channel's id, for messages. */
  readonly id: string;
  /** `smtp://host:587`, made secure before anything is said, or `smtps://host:465`. */
  readonly server: string;
  /** Only for a mail server on the same machine. */
  readonly plaintext: boolean;
  readonly credentials: { readonly username: string; readonly password: string } | null;
  readonly from: string;
  readonly to: readonly string[];
  readonly onTrouble: (sentence: string) => void;
}

const connectMs = 5_000;
const silenceMs = 10_000;

export function openEmailAnnouncer(options: EmailOptions): Channel {
  const sender = { id: options.id, from: options.from };
  let opened: Promise<Transporter> | null = null;
  const send = async (mail: EmailMessage): Promise<void> => {
    opened ??= openTransport(options);
    await deliver(await opened, options, mail);
  };
  return {
    announce: (announcement) => send(mailOf(announcement, sender)),
    post: (notice) => send(noticeMail(notice, sender)),
  };
}

/** Loaded with the first mail: every command opens its channels, and few send any. */
async function openTransport({ server, plaintext, credentials }: EmailOptions): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  const { hostname, port, protocol } = new URL(server);
  const secure = protocol === 'smtps:';
  return createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (secure ? 465 : 587)),
    secure,
    requireTLS: !secure && !plaintext,
    ignoreTLS: plaintext,
    ...(credentials === null ? {} : { auth: { user: credentials.username, pass: credentials.password } }),
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: silenceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

async function deliver(transport: Transporter, options: EmailOptions, mail: EmailMessage): Promise<void> {
  const { id, from, to, onTrouble } = options;
  const { urgent, inReplyTo, ...message } = mail;
  try {
    const sent = (await transport.sendMail({
      ...message,
      from,
      to: [...to],
      inReplyTo,
      references: inReplyTo,
      ...(urgent ? { priority: 'high' as const } : {}),
      headers: { 'Auto-Submitted': 'auto-generated' },
    })) as { readonly rejected?: readonly unknown[] };
    const rejected = (sent.rejected ?? []).map(String);
    // The others have it: sending it again would tell them twice.
    if (rejected.length > 0)
      onTrouble(
        `The channel "${id}" could not tell ${excerpt(rejected.join(', '), 300)}: the mail server refuses them.`,
      );
  } catch (error) {
    throw toAdapterError(id, error as SmtpTrouble);
  }
}

interface SmtpTrouble extends Error {
  readonly code?: string;
  readonly responseCode?: number;
}

function toAdapterError(id: string, error: SmtpTrouble): AdapterError {
  const { code = '', responseCode, message } = error;
  const [reason, advice] = troubles[code] ?? (['refused', 'see what the mail server says'] as const);
  const numbered = responseCode === undefined ? '' : ` (${responseCode})`;
  return new AdapterError(
    `channel ${id}`,
    reason,
    `The channel "${id}" did not send the mail: ${excerpt(message, 200)}${numbered}; ${advice}. It is tried again.`,
    { cause: error },
  );
}

const troubles: Readonly<Record<string, readonly [AdapterErrorReason, string]>> = {
  EAUTH: ['not-permitted', 'correct username and password'],
  ENOAUTH: ['not-permitted', 'give username and password'],
  EOAUTH2: ['not-permitted', 'correct username and password'],
  ETLS: ['not-permitted', 'the server offers no encryption; use one that does'],
  ECONNECTION: ['unreachable', 'correct server, or mend it'],
  ESOCKET: ['unreachable', 'correct server, or mend it'],
  EDNS: ['unreachable', 'correct the host name in server'],
  ETIMEDOUT: ['timeout', 'the mail server is slow or gone'],
  EENVELOPE: ['refused', 'correct from and to, or ask the mail server’s keeper'],
  EMESSAGE: ['refused', 'the mail server does not like the mail'],
};
