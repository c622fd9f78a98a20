/** Documents that those who ask flags do not take: nobody is moved up by them. Told by the flag client's own reader. */
import { isUtf8 } from 'node:buffer';
import { longestText, parseText } from '../../flag-client/flag-set.js';
import { AdapterError } from '../adapter-error.js';

export interface Doubts {
  /** @throws AdapterError with why, where clients would keep what they hold */
  refuse(path: string, bytes: Buffer): void;
  /** What we write ourselves is not looked through again. @throws AdapterError where clients would not take it */
  take(path: string, text: string): void;
}

export function openDoubts(adapter: string): Doubts {
  let own: Buffer | null = null;
  const refusal = (path: string, why: string): AdapterError =>
    new AdapterError(
      adapter,
      'corrupt',
      `${path} is not taken by those who ask flags: ${why}. It was left untouched. Mend it; a rollback goes through all the same.`,
    );
  return {
    refuse: (path, bytes) => {
      if (own?.equals(bytes) === true) return;
      const text = bytes.toString('utf8');
      // A file made by `touch` is an empty document.
      if (text.trim() === '') return;
      // Written back, it would lose the bytes that are none.
      if (!isUtf8(bytes)) throw refusal(path, 'it is not UTF-8');
      try {
        parseText(text);
      } catch (error) {
        throw refusal(path, error instanceof RangeError ? 'it is nested too deep' : (error as Error).message);
      }
    },
    take: (path, text) => {
      if (text.length > longestText) throw refusal(path, 'it would become longer than 4 MiB');
      own = Buffer.from(text);
    },
  };
}
