/** Many rollouts at once: how late their looks are, how fast one and a hundred are taken back, and what it costs. */
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { bareQueue } from './bare-worker.mjs';
import { holdingPlan, openBenchMachine } from './bench-machine.mjs';
import { atOnce, each } from './crowd.mjs';
import { percentile } from './percentile.mjs';
import { watchUsage } from './process-usage.mjs';
import { scaleServer } from './scale-server.mjs';
import { ratioRows, scaleRows } from './scale-rows.mjs';
import { latenessIn } from './timer-lateness.mjs';
import { startProcess, startWorkerProcess } from './worker-process.mjs';

const everyMs = 60_000;
const singles = 100;
const group = 100;
const settleMs = 300_000;

/** Of the fake answers: what the guards and looks of so many rollouts should ask for in a second. */
const asksExpected = (rollouts) => rollouts / 15 + (rollouts * 1_000) / everyMs;

/** MiB, for each thread: what docs/how-it-grows.md recommends. Without, V8 lets garbage lie for as long as there is memory. */
const heapLimit = ['--max-old-space-size=600', '--max-semi-space-size=8'];

/** @param {{ rollouts: number, minutes: number, workers: number, documents: number, server: string, address: string | null, profile: string | null, bare: boolean }} options */
export async function measureScale(closers, options) {
  const { rollouts, workers, documents, server, address, profile } = options;
  const machine = await openBenchMachine(closers, {
    openServer: scaleServer(server, address),
    documents,
    worker: { guardSlots: Math.ceil((rollouts * 1.2) / workers) },
  });
  const nodeOptions = [...heapLimit, ...(profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`])];
  const ours = await measureCrowd(machine, { closers, ...options }, oursIn(machine, { workers, nodeOptions }));
  const theirs = options.bare ? await measureCrowd(machine, { closers, ...options }, bareIn(machine)) : null;
  await machine.disconnect();
  return {
    [`${rollouts} rollouts, ${workers} worker process${workers === 1 ? '' : 'es'}`]: scaleRows(ours, {
      asks: asksExpected(rollouts),
      goals: true,
    }),
    ...(theirs === null
      ? {}
      : {
          [`${rollouts} bare workflows: timer, activity, signal`]: scaleRows(theirs, { asks: null, goals: false }),
          'ours ÷ bare': ratioRows(ours, theirs),
        }),
  };
}

const oursIn = (machine, { workers, nodeOptions }) => {
  const environment = `bench-${randomUUID().slice(0, 8)}`;
  const store = (index) => machine.stores[index % machine.stores.length];
  return {
    name: 'rollouts',
    tick: 'look',
    startWorkers: () => Array.from({ length: workers }, () => startWorkerProcess(machine.config.file, nodeOptions)),
    start: async (index) => {
      const plan = holdingPlan(`flag-${index}`, { store: store(index), environment, every: '1m' });
      const { rollout } = await machine.client.start(plan, { by: 'bench' });
      return machine.temporal.workflow.getHandle(rollout);
    },
    /** How many are where they are to stay. */
    settled: async () =>
      (await machine.temporal.workflow.count(`RolloutEnvironment='${environment}' AND RolloutState='holding'`)).count,
    end: async (handle) => {
      await handle.signal('rollback', { by: 'bench', reason: 'measured' });
      return Date.parse((await handle.result()).receipt.writtenAt);
    },
  };
};

const bareIn = (machine) => {
  const script = fileURLToPath(new URL('bare-process.mjs', import.meta.url));
  const lifeline = new URL('lifeline.mjs', import.meta.url).href;
  const run = randomUUID().slice(0, 8);
  return {
    name: 'bare workflows',
    tick: 'tick',
    startWorkers: () => [startProcess([...heapLimit, '--import', lifeline, script, machine.address, machine.dir])],
    start: (index) =>
      machine.temporal.workflow.start('bare', {
        workflowId: `bare-${run}-${index}`,
        taskQueue: bareQueue,
        args: [everyMs],
      }),
    settled: () => Promise.resolve(Number.POSITIVE_INFINITY),
    end: async (handle) => {
      await handle.signal('go');
      return handle.result();
    },
  };
};

async function measureCrowd(machine, { closers, rollouts, minutes, address }, kind) {
  const processes = kind.startWorkers();
  for (const one of processes) await closers.add(() => one.kill());
  await Promise.all(processes.map(({ ready }) => ready));
  const handles = new Map();
  // On a server that is not ours nothing may stay open; ours goes with all it has.
  if (address !== null) await closers.add(() => terminateAll([...handles.values()]));
  say(`starting ${rollouts} ${kind.name}, over a minute`);
  const startedMs = Date.now();
  await each(rollouts, { overMs: everyMs }, async (index) => void handles.set(index, await kind.start(index)));
  await untilSettled(kind, rollouts);
  const settledMs = Date.now();
  // The first looks come in the crowd's own starting.
  await pause(everyMs / 2);

  say(`watching them for ${minutes} min`);
  const usage = await watchAll(machine, processes);
  const asksBefore = machine.asks();
  const fromMs = Date.now();
  await pause(minutes * 60_000);
  const untilMs = Date.now();
  const asksPerSecond = ((machine.asks() - asksBefore) * 1_000) / (untilMs - fromMs);

  const one = Math.min(singles, Math.floor(rollouts / 2));
  say(`taking ${one} back, one after the other`);
  const ones = [];
  for (let index = 0; index < one; index += 1) {
    const sentMs = Date.now();
    ones.push((await kind.end(handles.get(index))) - sentMs);
    await pause(250);
  }
  const many = Math.min(group, rollouts - one);
  say(`taking ${many} back at once`);
  const sentMs = Date.now();
  const ends = await Promise.all(Array.from({ length: many }, (_, index) => kind.end(handles.get(one + index))));
  const used = await usage.end();

  say('reading their histories');
  const lateness = await readLateness([...handles.values()], { tick: kind.tick, fromMs, untilMs });
  await Promise.all(processes.map((process) => process.stop()));
  await terminateAll([...handles.values()].slice(one + many));
  return {
    startedInMs: settledMs - startedMs,
    lateness,
    asksPerSecond,
    ones,
    group: {
      size: many,
      ms: Math.max(...ends) - sentMs,
      p50: percentile(
        ends.map((end) => end - sentMs),
        0.5,
      ),
    },
    usage: used,
  };
}

async function untilSettled(kind, rollouts) {
  const endsAt = performance.now() + settleMs;
  for (;;) {
    const settled = await kind.settled();
    if (settled >= rollouts) return;
    if (performance.now() > endsAt) {
      throw new Error(
        `${settled} of ${rollouts} ${kind.name} are where they should be after ${settleMs / 60_000} min: too many for this machine.`,
      );
    }
    await pause(1_000);
  }
}

async function watchAll({ server }, processes) {
  const watched = {
    worker: await watchUsage(() => Promise.resolve(processes.map(({ pid }) => pid))),
    server: await watchUsage(server.pids),
    ...(server.storePids === undefined ? {} : { store: await watchUsage(server.storePids) }),
  };
  return {
    end: async () => {
      const ends = {};
      for (const [name, usage] of Object.entries(watched)) ends[name] = await usage.end();
      return ends;
    },
  };
}

async function readLateness(handles, { tick, fromMs, untilMs }) {
  const found = [];
  await atOnce(handles, 8, async (handle) => {
    const { events } = await handle.fetchHistory();
    found.push(...latenessIn(events ?? [], tick));
  });
  return found.filter(({ dueMs }) => dueMs >= fromMs && dueMs < untilMs).map(({ lateMs }) => lateMs);
}

const terminateAll = (handles) =>
  atOnce(handles, 8, (handle) => handle.terminate('the benchmark is over').catch(() => undefined));

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const say = (line) => console.error(`${new Date().toISOString().slice(11, 19)} ${line} …`);
