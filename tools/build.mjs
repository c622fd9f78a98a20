/** `npm run build`: compiled files, the flag client and the workflow bundle in `dist/`. */
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
await ensureBuilt();
