/** What the bundle offers. Explicit: every name here is a workflow type. */
export { comms } from './comms.js';
export { revert } from './revert.js';
export { review } from './review.js';
export { rollout } from './rollout.js';
