/** `holdpoint flag serve`: a flag document over HTTP, until told to stop. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { FlagServer, ServeOptions } from '../../flag-server/serve-flags.js';
import { CliError } from '../cli-error.js';
import { exitCode } from '../exit-code.js';
import { onlyDocument, onlyStore, withStore } from '../one-store.js';
import { openConfig } from '../open-config.js';
import { withReach } from '../options.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import type { Terminal } from '../terminal.js';

interface ServeCommandOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly store?: string;
  readonly file?: string;
  readonly port: number;
  readonly host: string;
  readonly tokenEnv?: string;
  readonly cors: readonly string[];
}

/** Where flagd serves OFREP. */
const usualPort = 8016;

export function addFlagServe({ terminal }: Program, command: Command): void {
  withStore(withReach(command))
    .addOption(new Option('--file <path>', 'flag document (default: that of the store)').conflicts(['store', 'config']))
    .option('--port <number>', '0 takes a free one', portNumber, usualPort)
    .option('--host <name>', 'where to listen', '127.0.0.1')
    .option('--token-env <name>', 'environment variable with the bearer token that askers must bring (default: none)')
    .option('--cors <origin>', "let pages of this origin ask; '*' for all; may be repeated", addOrigin, [])
    .action((options: ServeCommandOptions) => serve(terminal, options));
}

async function serve(terminal: Terminal, options: ServeCommandOptions): Promise<void> {
  const token = tokenOf(terminal, options);
  const file = options.file ?? onlyDocument(onlyStore(await openConfig(terminal, options), options.store));
  const { serveFlags } = await import('../../flag-server/serve-flags.js');
  const stop = terminal.stopSignal();
  let server: FlagServer | undefined;
  const meanwhile = (): string =>
    server?.app.status().loaded === true ? 'The last good document stays' : 'There is nothing to serve yet';
  const onProblem = (problem: string | null): void =>
    terminal.talk(plain(problem === null ? 'The flag document is good again.' : `${problem}. ${meanwhile()}.`));
  const { host, port, cors } = options;
  server = await listening(serveFlags, { file, host, port, cors, token, onProblem });
  await server.app.ready;
  const { url } = server;
  const places = { url, document: `${url}/flags.json`, stream: `${url}/flags/stream`, ofrep: `${url}/ofrep/v1` };
  terminal.data(
    options.json === true
      ? JSON.stringify(places)
      : `Serving ${file}\n  document  ${places.document}\n  stream    ${places.stream}\n  OFREP     ${places.ofrep}`,
  );
  if (token === null)
    terminal.talk('No token: everybody who can reach this port may read flags. Add --token-env NAME.');
  if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
  await server.close();
}

async function listening(
  serveFlags: (options: ServeOptions) => Promise<FlagServer>,
  options: ServeOptions,
): Promise<FlagServer> {
  try {
    return await serveFlags(options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'something listens there already; choose another --port' : message;
    throw new CliError(exitCode.refused, `Cannot listen on ${options.host}:${options.port}: ${why}.`);
  }
}

/** By name: what stands on a command line can be read by everybody on the machine. */
function tokenOf({ env }: Terminal, { tokenEnv }: ServeCommandOptions): string | null {
  if (tokenEnv === undefined) return null;
  const token = env[tokenEnv] ?? '';
  if (/^\S+$/.test(token)) return token;
  throw new CliError(
    exitCode.usage,
    token === '' ? `${tokenEnv} is not set, so nobody could ask.` : `${tokenEnv} has spaces in it, which no token may.`,
  );
}

function portNumber(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('Write a port, such as 8016.');
}

function addOrigin(text: string, before: readonly string[]): readonly string[] {
  if (text === '*') return [...before, text];
  try {
    if (new URL(text).origin === text) return [...before, text];
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError("Write an origin, such as https://shop.example, or '*'.");
}
