/** `npm run build`: compiled files and the workflow bundle in `dist/`. */
import { ensureInstalled } from './ensure-installed.mjs';
import { installedBinary, runStep } from './run-step.mjs';

ensureInstalled();
runStep('compile', installedBinary('tsc'), ['-p', 'tsconfig.build.json']);
runStep('workflow bundle', process.execPath, ['tools/build-bundle.mjs']);
