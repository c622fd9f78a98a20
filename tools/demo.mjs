/** `npm run demo`: sets up all it needs, then plays two rollouts on real parts. `-- --stay` keeps everything running. */
import { ensureInstalled } from './ensure-installed.mjs';
import { ToolNotFoundError, findTools } from './find-tools.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./ensure-built.mjs');
await ensureBuilt();
try {
  const found = await findTools(['temporal', 'prometheus'], { onProgress: (line) => console.error(line) });
  // Found once is enough: the demo itself looks there first.
  for (const { name, path } of found) process.env[`HOLDPOINT_${name.toUpperCase()}`] = path;
  const { main } = await import('../dist/src/demo/main.js');
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof ToolNotFoundError)) throw error;
  console.error(error.message);
  process.exit(1);
}
