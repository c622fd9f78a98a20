/** The reporting service as a process of its own: one JSON line on stdout when ready, one on stderr for what it obeys. */
import { parseArgs } from 'node:util';
import { openTarget } from './target-service.js';

const usage =
  'usage: main.js --flags FILE [--port 0] [--flag-key reporting-unified] [--environment production] [--service viewer] [--lifeline]';

const log = (entry: object): void => console.error(JSON.stringify({ at: new Date().toISOString(), ...entry }));

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      flags: { type: 'string' },
      port: { type: 'string', default: '0' },
      'flag-key': { type: 'string', default: 'reporting-unified' },
      environment: { type: 'string', default: 'production' },
      service: { type: 'string', default: 'viewer' },
      /** Ends when stdin closes: whoever started it is gone. */
      lifeline: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (values.flags === undefined) throw new Error(`--flags is missing; ${usage}`);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port is ${values.port}; ${usage}`);
  const target = await openTarget({
    flagsPath: values.flags,
    flagKey: values['flag-key'],
    port,
    environment: values.environment,
    service: values.service,
    onChange: ({ at, percent }) => log({ at, obeys: percent }),
    onProblem: (problem) => log({ problem }),
  });
  const end = (): void => void target.close().finally(() => process.exit(0));
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  if (values.lifeline) process.stdin.once('close', end).resume();
  console.log(JSON.stringify({ url: target.url, pid: process.pid }));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
