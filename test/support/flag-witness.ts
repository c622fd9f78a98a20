/** Reads a flag document all the time, as a client and byte by byte: what nobody may ever see is seen by it. */
import { readFileSync } from 'node:fs';
import { parseFlagDocument, readRecord } from '../../src/adapters/flags/flag-document.js';
import { followDocument } from '../../src/flag-server/followed-document.js';
import type { Sighting } from './invariants/story.js';

export interface FlagWitness {
  /** Waits a moment for the client to follow the document, then tells all that was seen. */
  end(): Promise<readonly Sighting[]>;
}

const readEveryMs = 2;
const patienceMs = 5_000;

export function watchFlag(path: string, key: string): FlagWitness {
  const sightings: Sighting[] = [];
  let seen: string | null = null;
  const look = (): void => {
    const text = readText(path);
    if (text === null || text === seen) return;
    seen = text;
    const document = parseFlagDocument(text);
    sightings.push(
      document === null ? { kind: 'torn', text } : { kind: 'document', percent: readRecord(document, key).percent },
    );
  };
  let obeyed = 0;
  // Without a document everybody gets the default; a client that never moves from there is seen, too.
  sightings.push({ kind: 'client', percent: obeyed });
  const client = followDocument({ file: path, onProblem: () => look() });
  // What the client obeys has been in the document: it is noted first.
  client.onServed(({ text }) => {
    look();
    const document = parseFlagDocument(text);
    if (document === null) throw new Error(`a client took what is no document: ${text}`);
    const { percent } = readRecord(document, key);
    if (percent === obeyed) return;
    obeyed = percent ?? obeyed;
    sightings.push({ kind: 'client', percent: obeyed });
  });
  const reading = setInterval(look, readEveryMs);
  const follows = (): boolean => {
    const last = sightings.findLast((sighting) => sighting.kind === 'document');
    return last === undefined || obeyed === last.percent;
  };
  return {
    end: async () => {
      const endsAtMs = performance.now() + patienceMs;
      look();
      while (!follows() && performance.now() < endsAtMs) await new Promise((resolve) => setTimeout(resolve, 20));
      clearInterval(reading);
      client.close();
      return sightings;
    },
  };
}

/** Null while there is none: before the claim, or when somebody took it away. */
function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
