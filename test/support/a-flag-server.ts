/** A flag server over a document of its own, for one test file. */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { serveFlags, type FlagServer, type ServeOptions } from '../../src/flag-server/serve-flags.js';
import { tempFolder } from './temp-folder.js';

export interface TestFlagServer extends FlagServer {
  /** Replaces the document, as the file store does. */
  readonly write: (text: string) => Promise<void>;
  readonly problems: (string | null)[];
}

/** @param text - of the document; null: there is none yet */
export async function aFlagServer(text: string | null, options: Partial<ServeOptions> = {}): Promise<TestFlagServer> {
  const file = join(await tempFolder(), 'flags.json');
  const problems: (string | null)[] = [];
  if (text !== null) await writeFile(file, text);
  const onProblem = (problem: string | null): void => void problems.push(problem);
  const server = await serveFlags({ file, onProblem, host: '127.0.0.1', port: 0, token: null, cors: [], ...options });
  onTestFinished(() => server.close());
  await server.app.ready;
  return {
    ...server,
    problems,
    write: async (next) => {
      await writeFile(`${file}.new`, next);
      await rename(`${file}.new`, file);
    },
  };
}
