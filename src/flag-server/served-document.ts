/** The part of a flag document that everybody may see: pure, text in and out. */
import { createHash } from 'node:crypto';
import { parseExactly, renderExactly } from '../adapters/flags/exact-json.js';
import { isMembers, type Members } from '../flag-client/members.js';

export interface ServedDocument {
  /** One line of JSON. */
  readonly text: string;
  /** Of this very text. */
  readonly etag: string;
}

/** What evaluators read. Owner, fence and safe state stay where the flag is written, and so does what nobody knows here. */
const ofDocument = ['$schema', '$evaluators'];
const ofFlag = ['state', 'variants', 'defaultVariant', 'targeting'];
const revision = 'holdpoint.revision';

/** @param text - of a document that the flag client has taken */
export function serveDocument(text: string): ServedDocument {
  const document = membersOf(parseExactly(text));
  const flags = Object.entries(membersOf(document['flags'])).map(([key, flag]) => [key, openPart(membersOf(flag))]);
  const served = renderExactly({ ...pick(document, ofDocument), flags: Object.fromEntries(flags) as Members }, 0);
  return { text: served, etag: etagOf(served) };
}

function openPart(flag: Members): Members {
  const metadata = pick(membersOf(flag['metadata']), [revision]);
  return { ...pick(flag, ofFlag), ...(Object.keys(metadata).length === 0 ? {} : { metadata }) };
}

export const etagOf = (text: string): string =>
  `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;

const membersOf = (value: unknown): Members => (isMembers(value) ? value : {});

const pick = (from: Members, names: readonly string[]): Members =>
  Object.fromEntries(names.filter((name) => Object.hasOwn(from, name)).map((name) => [name, from[name]]));
