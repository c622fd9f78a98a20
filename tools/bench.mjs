/** `npm run bench`: figures of this machine, side by side with what they are compared to. `-- --json`, `-- --only NAME`. */
import { parseArgs } from 'node:util';
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./ensure-built.mjs');
await ensureBuilt();
const { runBench, names } = await import('../test/bench/run-bench.mjs');
const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' } } });
if (values.only !== undefined && !names.includes(values.only)) {
  console.error(`There is no benchmark ${values.only}; there are ${names.join(', ')}.`);
  process.exit(2);
}
process.exit(await runBench({ json: values.json === true, only: values.only ?? null }));
