/** What both providers are made of: flags that are opened with the provider, its events, and answers in the SDKs' words. */
import type { AnyProviderEvent, ErrorCode, EvaluationContext, ResolutionDetails } from '@openfeature/core';
import type { CreateFlags } from '../flag-client/create-flags.js';
import type { FlagDetails } from '../flag-client/flag-values.js';
import type { Flags } from '../flag-client/open-flags.js';
import { openProviderEvents, type ProviderEvents } from './provider-events.js';

export interface FollowedFlags {
  readonly events: ProviderEvents;
  /** @throws with why there is no document: the SDK then says `ERROR`, and this goes on trying. */
  readonly initialize: () => Promise<void>;
  readonly resolve: <T>(key: string, byDefault: T, context: EvaluationContext) => ResolutionDetails<T>;
  readonly onClose: () => Promise<void>;
}

/** Types alone are imported: whatever SDK there is, the words are these. */
const said = {
  ready: 'PROVIDER_READY' as string as AnyProviderEvent,
  changed: 'PROVIDER_CONFIGURATION_CHANGED' as string as AnyProviderEvent,
  stale: 'PROVIDER_STALE' as string as AnyProviderEvent,
  error: 'PROVIDER_ERROR' as string as AnyProviderEvent,
};

export function followFlags<Options extends CreateFlags>(
  createFlags: (options: Options) => Flags,
  options: Options,
): FollowedFlags {
  const events = openProviderEvents();
  let flags: Flags | null = null;

  const open = async (): Promise<void> => {
    // The SDK itself tells of the first document, or of why there is none.
    let isFirst = true;
    const onProblem = (problem: string | null): void => {
      options.onProblem?.(problem);
      if (isFirst) return;
      if (problem === null) events.emit(said.ready);
      else events.emit(opened.status().loaded ? said.stale : said.error, { message: problem });
    };
    const opened = createFlags({ ...options, onProblem });
    flags = opened;
    opened.onChange(() => {
      if (!isFirst) events.emit(said.changed);
    });
    const { loaded, problem } = await opened.ready;
    isFirst = false;
    if (!loaded) throw new Error(problem ?? 'no document yet');
  };
  const close = (): void => {
    flags?.close();
    flags = null;
  };

  return {
    events,
    initialize: async () => {
      close();
      await open();
    },
    resolve: (key, byDefault, context) =>
      flags === null
        ? notReady(byDefault)
        : inTheirWords(flags.details(key, byDefault, context) as FlagDetails<typeof byDefault>),
    onClose: async () => {
      close();
      await Promise.resolve();
    },
  };
}

const notReady = <T>(value: T): ResolutionDetails<T> => ({
  value,
  reason: 'ERROR',
  errorCode: 'PROVIDER_NOT_READY' as string as ErrorCode,
  errorMessage: 'the provider is not initialised, or closed',
});

/** Reasons and error codes are OpenFeature's own already. The usual answer comes first: this runs with every question. */
function inTheirWords<T>(details: FlagDetails<T>): ResolutionDetails<T> {
  const { value, reason, variant, errorCode, errorMessage = '', problem } = details;
  if (variant !== undefined && problem === null) return { value, reason, variant };
  const flagMetadata = problem === null ? {} : { problem };
  if (errorCode !== undefined) {
    return { value, reason, errorCode: errorCode as string as ErrorCode, errorMessage, flagMetadata };
  }
  return variant === undefined ? { value, reason, flagMetadata } : { value, reason, variant, flagMetadata };
}
