/** All benchmarks, one after the other, as a table or as JSON. Nothing here is a test: no figure fails. */
import { openClosers } from './closers.mjs';
import { measureDay } from './day.mjs';
import { describeMachine } from './describe-machine.mjs';
import { measureFlagClient } from './flag-client.mjs';
import { measureFlagPush } from './flag-push.mjs';
import { measureKilledWorker } from './killed-worker.mjs';
import { measureOpenFeature } from './openfeature.mjs';
import { renderBench } from './render-bench.mjs';
import { measureRollback } from './rollback.mjs';
import { measureStartup } from './startup.mjs';
import { untilStopped } from './until-stopped.mjs';

/** Each answers with rows `{ what, value, unit, atMost }`: the goal, null where there is none. */
const benchmarks = {
  rollback: measureRollback,
  'killed-worker': measureKilledWorker,
  day: measureDay,
  startup: measureStartup,
  'flag-client': measureFlagClient,
  'flag-push': measureFlagPush,
  openfeature: measureOpenFeature,
};

export const names = Object.keys(benchmarks);

const limitMs = 480_000;

/** @returns the exit code. Whatever was started has ended by then. */
export async function runBench({ json, only }) {
  const stopped = untilStopped(limitMs);
  const results = {};
  const machine = describeMachine();
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
