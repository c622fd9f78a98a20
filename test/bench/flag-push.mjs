/** A changed flag document → a thousand connected clients obey, through `holdpoint flag serve`; beside it, in turns, a bare push of the same bytes. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { percentile } from './percentile.mjs';
import { within } from './within.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const cli = here('../../dist/src/cli/main.js');
const lifeline = new URL('lifeline.mjs', import.meta.url).href;

const clients = 1_000;
/** Two, as there are cores: each client stands for one on a machine of its own. */
const processes = 2;
const changes = 30;
const graceMs = 10_000;

export async function measureFlagPush(closers) {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-bench-'));
  await closers.add(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'flags.json');
  await writeFile(path, textOf(0));
  const ours = await startServer(path, closers);
  const bare = await startBare(closers);
  const listeners = {
    ours: await startListeners(closers, { kind: 'ours', url: ours.url }),
    bare: await startListeners(closers, { kind: 'bare', url: bare.url }),
  };
  await untilConnected(ours.url);
  const change = {
    ours: async (round) => {
      await writeFile(`${path}.new`, textOf(round));
      const at = epochMs();
      await rename(`${path}.new`, path);
      return at;
    },
    bare: async (round) => {
      const at = epochMs();
      bare.child.send(textOf(round));
      return at;
    },
  };
  const seen = { ours: { times: [], never: 0 }, bare: { times: [], never: 0 } };
  for (let round = 1; round <= changes; round += 1) {
    for (const which of round % 2 === 0 ? ['ours', 'bare'] : ['bare', 'ours']) {
      await flip(listeners[which], { round, change: change[which], into: seen[which] });
    }
  }
  return rowsOf(seen);
}

const epochMs = () => performance.timeOrigin + performance.now();

/** Ten flags, as the file store writes them, and the round. */
const textOf = (round) => {
  const flag = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', targeting: {} };
  const metadata = { 'holdpoint.revision': round + 1 };
  const flags = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`flag-${index}`, { ...flag, metadata }]));
  return JSON.stringify({ flags: { ...flags, round: { ...flag, variants: { now: round }, defaultVariant: 'now' } } });
};

async function flip(children, { round, change, into }) {
  const heard = children.map((child) => heardOf(child, round));
  const at = await change(round);
  const times = (await Promise.all(heard)).flat().map((heardAt) => heardAt - at);
  into.times.push(...times);
  into.never += clients - times.length;
}

/** When each of the child's clients obeyed; after the grace, of those that did. */
async function heardOf(child, round) {
  child.send({ round, graceMs });
  for (;;) {
    const [message] = await once(child, 'message');
    if (message.round === round) return message.heardAt;
  }
}

async function startServer(path, closers) {
  const child = spawn(
    process.execPath,
    ['--import', lifeline, cli, 'flag', 'serve', '--file', path, '--port', '0', '--json'],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  await closers.add(() => end(child));
  const [line] = await within(once(child.stdout, 'data'), 'A flag server');
  return JSON.parse(String(line));
}

async function startBare(closers) {
  const child = fork(here('bare-push.mjs'));
  await closers.add(() => end(child));
  const [url] = await within(once(child, 'message'), 'A bare server');
  return { child, url };
}

async function startListeners(closers, { kind, url }) {
  const children = Array.from({ length: processes }, () =>
    fork(here('flag-listeners.mjs'), [kind, url, String(clients / processes)]),
  );
  for (const child of children) await closers.add(() => end(child));
  await within(Promise.all(children.map((child) => once(child, 'message'))), `${clients} clients`);
  return children;
}

async function untilConnected(url) {
  const connected = async () => (await (await fetch(`${url}/healthz`)).json()).streams === clients;
  const deadline = performance.now() + 60_000;
  while (!(await connected())) {
    if (performance.now() > deadline) throw new Error('Not all clients are connected after 60 s.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

function rowsOf({ ours, bare }) {
  const row = (what, value, more = {}) => ({ what, value, unit: 'ms', atMost: null, ...more });
  const at = ({ times }, share) => percentile(times, share);
  return [
    row(`file renamed over → one of ${clients} clients obeys, p50`, at(ours, 0.5)),
    row(`file renamed over → one of ${clients} clients obeys, p99`, at(ours, 0.99), { atMost: 1_000 }),
    row('the slowest', at(ours, 1)),
    row('never obeyed', ours.never, { unit: `of ${clients * changes}`, atMost: 0 }),
    row(`bare push of the same bytes to ${clients} bare readers, p50`, at(bare, 0.5)),
    row(`bare push of the same bytes to ${clients} bare readers, p99`, at(bare, 0.99)),
    row('ours ÷ bare, p50', at(ours, 0.5) / at(bare, 0.5), { unit: '×' }),
    row('ours ÷ bare, p99', at(ours, 0.99) / at(bare, 0.99), { unit: '×' }),
  ];
}
