/** `<script src="flags.script.js" data-flag="new-checkout">`: the names as globals, loading at once. */
import { FLAGS, getFlag, isUserInRollout, loadRuntimeFlags, onFlagsLoaded } from './runtime-flags.js';
import { page } from './page.js';

Object.assign(globalThis, { FLAGS, getFlag, isUserInRollout, loadRuntimeFlags, onFlagsLoaded });
// data-flag, data-user, data-url.
void loadRuntimeFlags({ ...page.document?.currentScript?.dataset });
