/** A flag document in a file, followed: what it answers, and what of it is served. */
import type { FlagsStatus } from '../flag-client/hold-document.js';
import { followFile } from '../flag-client/node/follow-file.js';
import { openFlags, type Flags, type Follow } from '../flag-client/open-flags.js';
import { serveDocument, type ServedDocument } from './served-document.js';

export interface FollowedDocument {
  readonly flags: Flags;
  /** Null until there is a good document; after that always the last good one. */
  served(): ServedDocument | null;
  /** Called after each change of what is served. */
  onServed(listener: (document: ServedDocument) => void): void;
  /** The first good document, or why there is none yet. */
  readonly ready: Promise<FlagsStatus>;
  close(): void;
}

export interface DocumentPlace {
  /** Path of the document. It need not be there yet. */
  readonly file: string;
  /** Told each new problem once, and null when it is over. */
  readonly onProblem: (problem: string | null) => void;
}

export function followDocument({ file, onProblem }: DocumentPlace): FollowedDocument {
  const listeners = new Set<(document: ServedDocument) => void>();
  let held: string | null = null;
  let served: ServedDocument | null = null;
  const publish = (text: string): void => {
    if (text === held) return;
    held = text;
    const next = serveDocument(text);
    if (next.etag === served?.etag) return;
    served = next;
    for (const listener of listeners) listener(next);
  };
  const follow: Follow = (sink) =>
    followFile(file)({
      say: (problem) => sink.say(problem),
      // What the client refuses is not served either.
      take: (document, cached) => {
        const isGood = sink.take(document, cached);
        if (isGood) publish(String(document));
        return isGood;
      },
    });
  const flags = openFlags(undefined, [follow], { onProblem });
  return {
    flags,
    served: () => served,
    onServed: (listener) => void listeners.add(listener),
    ready: flags.ready,
    close: () => flags.close(),
  };
}
