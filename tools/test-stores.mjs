/** `npm run test:stores`: flag stores on the real servers of others, which it brings up: Unleash with PostgreSQL. */
import { runTests } from './run-tests.mjs';

// It fails, and says why, where they are not to be had: a store that was not tried must not look as if it was.
runTests(process.argv.slice(2), { HOLDPOINT_STORES: '1' });
