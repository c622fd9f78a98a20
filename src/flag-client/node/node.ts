/** What `holdpoint/flags` is in Node. */
export { anonymousId } from '../anonymous-id.js';
export type { FlagContext, FlagDetails, FlagErrorCode, FlagReason, FlagValue } from '../flag-values.js';
export type { FlagsStatus } from '../hold-document.js';
export type { Flags } from '../open-flags.js';
export {
  FLAGS,
  getFlag,
  isUserInRollout,
  loadRuntimeFlags,
  onFlagsLoaded,
  type LoadRuntimeFlags,
} from '../runtime-flags.js';
export { createFlags, type CreateFlags } from './create-flags.js';
