/** Whether applications get answers from a flag document: a flag that the client cannot read is the application's own default for everybody. */
import { readFile } from 'node:fs/promises';
import { openFlags, type Flags } from '../flag-client/open-flags.js';
import { inTime } from '../time-limit.js';
import { ok, warn, type DoctorLine } from './line.js';
import { callMs, type Check } from './place.js';

/** Enough that each bucket of a rule is drawn by somebody. */
const users = Array.from({ length: 100 }, (_, index) => `user-${index}`);
const mostNamed = 5;

/** @param path - of the store's flag document */
export const flagAnswers = (id: string, path: string): Check => {
  const about = `flags in ${id}`;
  return {
    about,
    silence: 'wrong',
    look: async () => {
      const text = await inTime(readFile(path, 'utf8'), callMs).catch(() => '');
      const flags = openFlags(text, [], {});
      const { loaded, problem } = flags.status();
      if (loaded) return [judge(about, path, flags)];
      // Of all else the store's own check says why it cannot be read.
      return problem?.endsWith(noFlags) === true && text.trim() !== '' ? [empty(about, path)] : [];
    },
  };
};

/** The store takes such a document, for it can fill it; the client has nothing to answer from. */
const noFlags = 'no "flags"';

const empty = (about: string, path: string): DoctorLine =>
  warn(
    about,
    `applications get their own default from every flag, for the document has ${noFlags}`,
    `Write {"flags": {}} to ${path}, or restore its last good version`,
  );

function judge(about: string, path: string, flags: Flags): DoctorLine {
  const keys = flags.keys();
  const broken = keys.flatMap((key) => {
    const why = whyBroken(flags, key);
    return why === null ? [] : [`${key} (${why})`];
  });
  if (broken.length === 0) return ok(about, `applications get an answer from each of the ${keys.length} flags`);
  const more = broken.length > mostNamed ? ` and ${broken.length - mostNamed} more` : '';
  return warn(
    about,
    `applications get their own default from ${broken.slice(0, mostNamed).join(', ')}${more}`,
    `Mend that in ${path}; or ask those flags with flagd's own provider, which knows all of its targeting`,
  );
}

function whyBroken(flags: Flags, key: string): string | null {
  for (const targetingKey of users) {
    const { errorMessage } = flags.details<unknown>(key, undefined, { targetingKey });
    if (errorMessage !== undefined) return errorMessage;
  }
  return null;
}
