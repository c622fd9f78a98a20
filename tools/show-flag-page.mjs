/** `node tools/show-flag-page.mjs`: the demo's page in a real browser while its flag moves up and back. `--images FOLDER` keeps a picture. */
import { parseArgs } from 'node:util';
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
const { ensureBuilt } = await import('./ensure-built.mjs');
await ensureBuilt();
const { showFlagPage } = await import('../test/browser/show-flag-page.mjs');
const { values } = parseArgs({ options: { images: { type: 'string' } } });
process.exit(await showFlagPage({ images: values.images ?? null }));
