/**
 * `npm run test:faults`: every fault case, also those that take minutes, and random days. `-- --seed N` plays one day
 * again, `-- --random N` only so many days, `-- --cases` only the cases.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './ensure-installed.mjs';
import { installedBinary, root } from './run-step.mjs';

const randomDays = 'test/faults/random-days.test.ts';
const whole = /^[1-9]\d*$/;

const asked = readArgs();
ensureInstalled();
const runs = [];
if (asked.seeds === null || asked.cases)
  runs.push(() => vitest(['--testNamePattern', 'case \\d+', ...casesIn('test')], {}));
if (!asked.cases)
  for (const seeds of portions(asked.seeds ?? '1-100'))
    runs.push(() => vitest([randomDays], { HOLDPOINT_SEEDS: seeds }));
process.exitCode = runs.map((run) => run()).find((status) => status !== 0) ?? 0;

/**
 * A process of its own for each two hundred days: one that has made some 670 SDK workers (1.24.0, Node 20.20) keeps
 * 2 MiB of each, and from then on its workflows lose track of what to cancel, so that no replay fits. A worker process
 * makes three in all its life.
 */
function portions(seeds) {
  const [first, last = first] = seeds.split('-').map(Number);
  const count = Math.ceil((last - first + 1) / 200);
  return Array.from({ length: count }, (_, index) => {
    const from = first + index * 200;
    return `${from}-${Math.min(last, from + 199)}`;
  });
}

function vitest(args, env) {
  const { status } = spawnSync(
    installedBinary('vitest'),
    ['run', '--reporter=verbose', '--testTimeout=300000', ...args],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, HOLDPOINT_ALL_FAULTS: '1', ...env },
    },
  );
  return status ?? 1;
}

/** The files with such a title in them, or whose contract suites have one. */
function casesIn(folder) {
  const files = readdirSync(join(root, folder), { recursive: true })
    .map((file) => join(folder, file))
    .filter((file) => file.endsWith('.test.ts'));
  return files.filter((file) => /\bcase \d+:|flagStoreContract\(/.test(readFileSync(join(root, file), 'utf8')));
}

function readArgs() {
  try {
    const { values } = parseArgs({
      options: { seed: { type: 'string' }, random: { type: 'string' }, cases: { type: 'boolean' } },
    });
    const { seed, random, cases = false } = values;
    for (const [name, value] of Object.entries({ seed, random }))
      if (value !== undefined && !whole.test(value))
        throw new Error(`--${name} needs a number from 1 on, not ${value}.`);
    return { cases, seeds: seed ?? (random === undefined ? null : `1-${random}`) };
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}
