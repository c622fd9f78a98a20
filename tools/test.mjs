/** `npm test`: every test, on a machine that has only Node, git and the package clients. Closes with `N passed, N failed`. */
import { runTests } from './run-tests.mjs';

runTests(process.argv.slice(2));
