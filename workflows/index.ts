/** What the bundle offers. Explicit: every name here is a workflow type. */
export { rollout } from './rollout.js';
