/** `node tools/show-temporal-ui.mjs`: real rollouts, decided and taken back in a real browser from Temporal's own UI. `--images FOLDER` keeps pictures. */
import { parseArgs } from 'node:util';
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./ensure-built.mjs');
await ensureBuilt();
const { showTemporalUi } = await import('../test/browser/show-temporal-ui.mjs');
const { values } = parseArgs({ options: { images: { type: 'string' } } });
process.exit(await showTemporalUi({ images: values.images ?? null }));
