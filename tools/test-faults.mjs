/**
 * `npm run test:faults`: every fault case, also those that take minutes, random days, and rounds of ten rollouts whose
 * workers come and go. `-- --seed N` plays one day again, `-- --round N` one round; `-- --random N` only so many days,
 * `-- --rounds N` only so many rounds, `-- --cases` only the cases; several of them together.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './ensure-installed.mjs';
import { installedBinary, root } from './run-step.mjs';

const randomDays = 'test/faults/random-days.test.ts';
const randomRounds = 'test/faults/random-rounds.test.ts';
const whole = /^[1-9]\d*$/;

const asked = readArgs();
ensureInstalled();
const runs = [];
const isAll = !asked.cases && asked.seeds === null && asked.rounds === null;
if (isAll || asked.cases) runs.push(() => vitest(['--testNamePattern', 'case \\d+', ...casesIn('test')], {}));
for (const seeds of portions(asked.seeds ?? (isAll ? '1-100' : null), 200))
  runs.push(() => vitest([randomDays], { HOLDPOINT_SEEDS: seeds }));
// Each of its ten rollouts is replayed, by an SDK worker for each of its runs.
for (const rounds of portions(asked.rounds ?? (isAll ? '1-10' : null), 20))
  runs.push(() => vitest([randomRounds], { HOLDPOINT_ROUNDS: rounds }));
process.exitCode = runs.map((run) => run()).find((status) => status !== 0) ?? 0;

/**
 * A process of its own for each two hundred days: one that has made some 670 SDK workers (1.24.0, Node 20.20) keeps
 * 2 MiB of each, and from then on its workflows lose track of what to cancel, so that no replay fits. A worker process
 * makes three in all its life.
 */
function portions(range, size) {
  if (range === null) return [];
  const [first, last = first] = range.split('-').map(Number);
  const count = Math.ceil((last - first + 1) / size);
  return Array.from({ length: count }, (_, index) => {
    const from = first + index * size;
    return `${from}-${Math.min(last, from + size - 1)}`;
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
      options: {
        seed: { type: 'string' },
        random: { type: 'string' },
        round: { type: 'string' },
        rounds: { type: 'string' },
        cases: { type: 'boolean' },
      },
    });
    const { cases = false, seed, random, round, rounds } = values;
    for (const [name, value] of Object.entries({ seed, random, round, rounds }))
      if (value !== undefined && !whole.test(value))
        throw new Error(`--${name} needs a number from 1 on, not ${value}.`);
    const range = (one, many) => one ?? (many === undefined ? null : `1-${many}`);
    return { cases, seeds: range(seed, random), rounds: range(round, rounds) };
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}
