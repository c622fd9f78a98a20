/** All benchmarks, one after the other, as a table or as JSON. Nothing here is a test: no figure fails. */
import { cpus, loadavg } from 'node:os';
import { openClosers } from './closers.mjs';
import { measureDay } from './day.mjs';
import { measureKilledWorker } from './killed-worker.mjs';
import { renderBench } from './render-bench.mjs';
import { measureRollback } from './rollback.mjs';
import { measureStartup } from './startup.mjs';

/** Each answers with rows `{ what, value, unit, atMost }`: the goal, null where there is none. */
const benchmarks = {
  rollback: measureRollback,
  'killed-worker': measureKilledWorker,
  day: measureDay,
  startup: measureStartup,
};

export const names = Object.keys(benchmarks);

const limitMs = 480_000;
const stopSignals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** @returns the exit code. Whatever was started has ended by then. */
export async function runBench({ json, only }) {
  const stopped = untilStopped();
  const results = {};
  // Other work on the machine is in every figure.
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model ?? 'unknown', load: loadavg() };
  for (const name of names.filter((one) => only === null || one === only)) {
    console.error(`${name} …`);
    const closers = openClosers();
    try {
      const ended = await Promise.race([benchmarks[name](closers), stopped]);
      if (typeof ended === 'number') return ended;
      results[name] = ended;
    } finally {
      await closers.close();
    }
  }
  if (json) console.log(JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 2));
  else console.log(renderBench(machine, results));
  return 0;
}

/** Resolves with an exit code when somebody ends the run, or when it takes too long. */
function untilStopped() {
  return new Promise((resolve) => {
    for (const [signal, code] of Object.entries(stopSignals)) process.on(signal, () => resolve(code));
    setTimeout(() => {
      console.error(`The benchmarks are not done after ${limitMs / 60_000} minutes: stopped.`);
      resolve(1);
    }, limitMs).unref();
  });
}
