/** What `holdpoint/openfeature/server` is: a provider for `@openfeature/server-sdk`. */
import type { Provider } from '@openfeature/server-sdk';
import { createFlags, type CreateFlags } from '../flag-client/node/create-flags.js';
import { followFlags } from './follow-flags.js';

export type { CreateFlags };

/** @param options - those of `createFlags` in `holdpoint/flags`: a file, a URL, a document. */
export function createHoldpointProvider(options: CreateFlags): Provider {
  const { events, initialize, resolve, onClose } = followFlags(createFlags, options);
  return {
    metadata: { name: 'holdpoint' },
    runsOn: 'server',
    events,
    initialize,
    onClose,
    resolveBooleanEvaluation: (key, byDefault, context) => Promise.resolve(resolve(key, byDefault, context)),
    resolveStringEvaluation: (key, byDefault, context) => Promise.resolve(resolve(key, byDefault, context)),
    resolveNumberEvaluation: (key, byDefault, context) => Promise.resolve(resolve(key, byDefault, context)),
    resolveObjectEvaluation: (key, byDefault, context) => Promise.resolve(resolve(key, byDefault, context)),
  };
}
