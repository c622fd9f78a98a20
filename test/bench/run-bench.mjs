/** All benchmarks, one after the other, as a table or as JSON. Nothing here is a test: no figure fails. */
import { cpus } from 'node:os';
import { measureDay } from './day.mjs';
import { measureKilledWorker } from './killed-worker.mjs';
import { measureRollback } from './rollback.mjs';
import { measureStartup } from './startup.mjs';

/** Each answers with rows `{ what, value, unit, goal }`; goal null where there is none. */
const benchmarks = {
  rollback: measureRollback,
  'killed-worker': measureKilledWorker,
  day: measureDay,
  startup: measureStartup,
};

export const names = Object.keys(benchmarks);

export async function runBench({ json, only }) {
  const results = {};
  for (const name of names.filter((one) => only === null || one === only)) {
    console.error(`${name} …`);
    results[name] = await benchmarks[name]();
  }
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model ?? 'unknown' };
  if (json) console.log(JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 2));
  else console.log(render(machine, results));
  return 0;
}

function render({ node, cpus: count, model }, results) {
  const lines = [`Node ${node}, ${count} × ${model}`];
  for (const [name, rows] of Object.entries(results)) {
    lines.push('', name);
    for (const { what, value, unit, goal } of rows) {
      const shown = `${Number(value.toPrecision(4))} ${unit}`.padStart(14);
      lines.push(`  ${shown}  ${what}${goal === null ? '' : `  (goal: ${goal})`}`);
    }
  }
  return lines.join('\n');
}
