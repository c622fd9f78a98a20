/** `npm run check`: types, lint, format, dead code, bundle. Fast enough to run before each commit. */
import { ensureInstalled } from './ensure-installed.mjs';
import { installedBinary, runStep } from './run-step.mjs';

ensureInstalled();
runStep('types', installedBinary('tsc'), ['-p', 'tsconfig.json']);
runStep('types of core, without Node', installedBinary('tsc'), ['-p', 'src/core/tsconfig.json']);
runStep('types of the flag client, without Node', installedBinary('tsc'), ['-p', 'src/flag-client/tsconfig.json']);
runStep('lint and import table', installedBinary('oxlint'), ['--type-aware', '--deny-warnings']);
runStep('format', installedBinary('prettier'), ['--check', '--log-level', 'warn', '.']);
runStep('dead code', installedBinary('knip'), []);
runStep('workflow bundle', process.execPath, ['tools/build-bundle.mjs']);
