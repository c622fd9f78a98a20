/** `npm run bench`: figures of this machine, side by side with what they are compared to. `-- --json`, `-- --only NAME`. */
import { parseArgs } from 'node:util';
import { ensureInstalled } from './ensure-installed.mjs';
import { ToolNotFoundError, findTool } from './find-tools.mjs';

const { json, only } = readArgs();
ensureInstalled();
const { ensureBuilt } = await import('./ensure-built.mjs');
await ensureBuilt();
const { runBench, names } = await import('../test/bench/run-bench.mjs');
if (only !== null && !names.includes(only)) refuse(`There is no benchmark ${only}; there are ${names.join(', ')}.`);
try {
  // Found before anything is measured; the benchmarks look there first.
  process.env.HOLDPOINT_TEMPORAL = (await findTool('temporal', { onProgress: (line) => console.error(line) })).path;
  process.exit(await runBench({ json, only }));
} catch (error) {
  console.error(error instanceof ToolNotFoundError ? error.message : error);
  process.exit(1);
}

function readArgs() {
  try {
    const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' } } });
    return { json: values.json === true, only: values.only ?? null };
  } catch (error) {
    return refuse(error.message);
  }
}

function refuse(message) {
  console.error(message);
  process.exit(2);
}
