/** `node tools/draw-dashboards.mjs --images FOLDER`: a real rollout that breaks, and the dashboards' own queries drawn by a real browser. */
import { parseArgs } from 'node:util';
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./ensure-built.mjs');
await ensureBuilt();
const { drawDashboards } = await import('../test/browser/draw-dashboards.mjs');
const { values } = parseArgs({ options: { images: { type: 'string', default: 'docs/images' } } });
process.exit(await drawDashboards({ images: values.images }));
