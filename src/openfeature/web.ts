/** What `holdpoint/openfeature/web` is: a provider for `@openfeature/web-sdk`. */
import type { EvaluationContext, Provider } from '@openfeature/web-sdk';
import { anonymousId } from '../flag-client/anonymous-id.js';
import { createFlags, type CreateFlags } from '../flag-client/create-flags.js';
import { followFlags } from './follow-flags.js';

export type { CreateFlags };

/** @param options - those of `createFlags` in `holdpoint/flags`: a URL, what is inlined in the page, a document. */
export function createHoldpointProvider(options: CreateFlags): Provider {
  const { events, initialize, resolve, onClose } = followFlags(createFlags, options);
  const answer = <T>(key: string, byDefault: T, context: EvaluationContext) =>
    resolve(key, byDefault, withKey(context));
  return {
    metadata: { name: 'holdpoint' },
    runsOn: 'client',
    events,
    initialize,
    onClose,
    // Whoever is asked about, the document is the same: nothing has to be fetched.
    onContextChange: () => undefined,
    resolveBooleanEvaluation: answer,
    resolveStringEvaluation: answer,
    resolveNumberEvaluation: answer,
    resolveObjectEvaluation: answer,
  };
}

/** Nobody logged in is somebody all the same: without a key of their own they would all be one user. */
const withKey = (context: EvaluationContext): EvaluationContext =>
  context.targetingKey === undefined ? { ...context, targetingKey: anonymousId() } : context;
