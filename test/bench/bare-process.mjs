/** The bare worker as a process of its own, to be compared with `holdpoint worker`: `node bare-process.mjs ADDRESS DIR`. */
import { startBareWorker } from './bare-worker.mjs';
import { openClosers } from './closers.mjs';

const [address, dir] = process.argv.slice(2);
const closers = openClosers();
process.once('SIGTERM', () => void closers.close().then(() => process.exit(0)));
await startBareWorker({ dir, address }, closers);
console.error('The worker runs.');
