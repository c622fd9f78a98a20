/** `npm run bench:scale`: a thousand rollouts at once. `-- --rollouts N --minutes M --server file|memory|postgres --address HOST:PORT --workers K --documents D`. */
import { parseArgs } from 'node:util';
import { ensureInstalled } from './ensure-installed.mjs';
import { ToolNotFoundError, findTool } from './find-tools.mjs';

const options = readArgs();
ensureInstalled();
const { ensureBuilt } = await import('./ensure-built.mjs');
await ensureBuilt();
const { runScale, serverKinds } = await import('../test/bench/run-scale.mjs');
if (!serverKinds.includes(options.server)) refuse(`--server is one of ${serverKinds.join(', ')}.`);
try {
  if (options.address === null && options.server !== 'postgres') {
    process.env.HOLDPOINT_TEMPORAL = (await findTool('temporal', { onProgress: (line) => console.error(line) })).path;
  }
  process.exit(await runScale(options));
} catch (error) {
  console.error(error instanceof ToolNotFoundError ? error.message : error);
  process.exit(1);
}

function readArgs() {
  const text = (fallback) => ({ type: 'string', default: fallback });
  try {
    const { values } = parseArgs({
      options: {
        rollouts: text('1000'),
        minutes: text('3'),
        workers: text('1'),
        documents: text('1'),
        server: text('file'),
        address: { type: 'string' },
        profile: { type: 'string' },
        'no-bare': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    return {
      rollouts: count(values, 'rollouts', { least: 2 }),
      minutes: count(values, 'minutes', { least: 0.1 }),
      workers: count(values, 'workers', { least: 1 }),
      documents: count(values, 'documents', { least: 1 }),
      server: values.server,
      address: values.address ?? null,
      profile: values.profile ?? null,
      bare: !values['no-bare'],
      json: values.json,
    };
  } catch (error) {
    return refuse(error.message);
  }
}

function count(values, name, { least }) {
  const value = Number(values[name]);
  const whole = name === 'minutes' || Number.isInteger(value);
  return whole && value >= least ? value : refuse(`--${name} is a number of at least ${least}.`);
}

function refuse(message) {
  console.error(message);
  process.exit(2);
}
