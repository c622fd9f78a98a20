/** The flag client: evaluation beside the reference evaluator, in turns; its size; its import; how soon it obeys a changed file. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { FlagdCore } from '@openfeature/flagd-core';
import { percentile } from './percentile.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const built = (name) => join(root, 'dist', 'flag-client', name);
const quiet = { error() {}, warn() {}, info() {}, debug() {} };

export async function measureFlagClient(closers) {
  const { createFlags } = await import(built('node.js'));
  return [
    ...evaluation(createFlags),
    ...sizes(),
    ...(await imports(closers)),
    ...(await changes(createFlags, closers)),
  ];
}

const bucketing = { cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] };
const flagAt = (on) => ({
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: 'off',
  targeting: { fractional: [bucketing, ['on', on], ['off', 100_000 - on]] },
});

function evaluation(createFlags) {
  const contexts = Array.from({ length: 10_000 }, (_, index) => ({
    targetingKey: `user-${index * 7_919}@example.org`,
  }));
  return [1, 100, 5_000].flatMap((count) => {
    const keys = Array.from({ length: count }, (_, index) => `flag-number-${index}`);
    const document = { flags: Object.fromEntries(keys.map((key) => [key, flagAt(25_000)])) };
    const flags = createFlags({ document });
    const core = new FlagdCore(undefined, quiet);
    core.setConfigurations(JSON.stringify(document));
    const [ours, theirs] = inTurns(contexts.length, [
      (index) => flags.get(keys[index % count], false, contexts[index]),
      (index) => core.resolveBooleanEvaluation(keys[index % count], false, contexts[index], quiet).value,
    ]);
    return [
      { what: `a percentage flag out of ${count}`, value: ours, unit: 'ns', atMost: null },
      { what: `flagd-core 4.0.1, out of ${count}`, value: theirs, unit: 'ns', atMost: null },
      { what: `ours ÷ flagd-core, out of ${count}`, value: ours / theirs, unit: '×', atMost: 0.4 },
    ];
  });
}

/** Of each, the median of its 41 rounds, without the first five that warm it up. In nanoseconds a call. */
function inTurns(calls, candidates) {
  const times = candidates.map(() => []);
  for (let round = 0; round < 41; round += 1) {
    for (const [which, call] of candidates.entries()) {
      const begun = process.hrtime.bigint();
      let inside = 0;
      for (let index = 0; index < calls; index += 1) if (call(index)) inside += 1;
      const tookNs = Number(process.hrtime.bigint() - begun);
      if (inside === 0 || inside === calls) throw new Error(`${inside} of ${calls} users are in: nothing was measured`);
      if (round >= 5) times[which].push(tookNs / calls);
    }
  }
  return times.map((values) => percentile(values, 0.5));
}

const sizes = () =>
  ['browser.js', 'flags.script.js'].map((name) => ({
    what: `${name}, gzipped`,
    value: gzipSync(readFileSync(built(name)), { level: 9 }).length / 1_024,
    unit: 'KiB',
    atMost: 3,
  }));

/** In processes of their own, in turns with a file that says nothing. */
async function imports(closers) {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-bench-'));
  await closers.add(() => rm(folder, { recursive: true, force: true }));
  const empty = join(folder, 'empty.mjs');
  await writeFile(empty, '');
  // From a file: the loader is warm then, as in an application.
  const importer = join(folder, 'importer.mjs');
  await writeFile(
    importer,
    `await import('data:text/javascript,');
    const begun = performance.now();
    await import(process.argv[2]);
    console.log(performance.now() - begun);`,
  );
  const modules = { 'import in Node': built('node.js'), 'import of an empty file': empty };
  const times = Object.fromEntries(Object.keys(modules).map((name) => [name, []]));
  for (let count = 0; count < 15; count += 1) {
    for (const [name, module] of Object.entries(modules)) {
      const { stdout } = spawnSync(process.execPath, [importer, module]);
      times[name].push(Number(stdout));
    }
  }
  return Object.entries(times).map(([name, values]) => {
    return {
      what: `${name}, p50`,
      value: percentile(values, 0.5),
      unit: 'ms',
      atMost: name === 'import in Node' ? 2 : null,
    };
  });
}

const replacements = {
  'written in place': (path, text) => writeFile(path, text),
  'renamed over': async (path, text) => {
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  },
  'deleted and restored': async (path, text) => {
    await unlink(path);
    await writeFile(path, text);
  },
  'behind a swapped link': async (path, text, round) => {
    await writeFile(`${path}.${round}`, text);
    await symlink(`${path}.${round}`, `${path}.new`);
    await rename(`${path}.new`, path);
  },
};

async function changes(createFlags, closers) {
  const rows = [];
  for (const [name, replace] of Object.entries(replacements)) {
    const folder = await mkdtemp(join(tmpdir(), 'holdpoint-bench-'));
    await closers.add(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, 'flags.json');
    await writeFile(path, textAt(0));
    const flags = createFlags({ file: path });
    await closers.add(async () => flags.close());
    await flags.ready;
    const { times, never } = await flip({ flags, path, replace });
    flags.close();
    rows.push(
      { what: `file ${name} → obeyed, p50`, value: percentile(times, 0.5), unit: 'ms', atMost: null },
      { what: `file ${name} → obeyed, p99`, value: percentile(times, 0.99), unit: 'ms', atMost: 100 },
      { what: `file ${name}, never obeyed`, value: never, unit: 'of 200', atMost: 0 },
    );
  }
  return rows;
}

const textAt = (percent) =>
  JSON.stringify({ flags: { f: { ...flagAt(0), defaultVariant: percent === 100 ? 'on' : 'off', targeting: {} } } });

async function flip({ flags, path, replace }) {
  const times = [];
  let never = 0;
  for (let round = 0; round < 200; round += 1) {
    const on = round % 2 === 0;
    // At any moment of the pace at which the file is looked at.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
    await replace(path, textAt(on ? 100 : 0), round);
    const writtenAt = performance.now();
    while (flags.get('f', !on) !== on && performance.now() - writtenAt < 2_000) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (flags.get('f', !on) === on) times.push(performance.now() - writtenAt);
    else never += 1;
  }
  return { times, never };
}
