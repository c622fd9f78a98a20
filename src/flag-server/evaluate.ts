/** OFREP's answers: one flag, or all of them, for a context. Pure but for the document that the flags hold. */
import type { FlagContext } from '../flag-client/flag-values.js';
import type { Flags } from '../flag-client/open-flags.js';

/** What OFREP says of one flag. */
export type Evaluation = EvaluationSuccess | EvaluationFailure;

interface EvaluationSuccess {
  readonly key: string;
  readonly reason: string;
  readonly variant?: string;
  /** Left out: the flag is disabled, or has no default; the application's own default holds. */
  readonly value?: unknown;
}

export interface EvaluationFailure {
  readonly key: string;
  readonly errorCode: string;
  readonly errorDetails: string;
}

export function evaluate(flags: Flags, key: string, context: FlagContext): Evaluation {
  let isKeyMissing = false;
  // The client draws all who bring no key as one user. Asking whether the flag wanted one keeps that from happening here.
  const asking: FlagContext =
    context.targetingKey === undefined
      ? Object.defineProperty({ ...context }, 'targetingKey', {
          get: () => {
            isKeyMissing = true;
            return undefined;
          },
        })
      : context;
  const { value, reason, variant, errorCode, errorMessage } = flags.details<unknown>(key, undefined, asking);
  if (errorCode !== undefined) return { key, errorCode, errorDetails: errorMessage ?? errorCode };
  if (isKeyMissing)
    return { key, errorCode: 'TARGETING_KEY_MISSING', errorDetails: 'this flag is drawn by targetingKey' };
  return { key, reason, ...(variant === undefined ? {} : { variant }), ...(value === undefined ? {} : { value }) };
}

export const evaluateAll = (flags: Flags, context: FlagContext): Evaluation[] =>
  flags.keys().map((key) => evaluate(flags, key, context));

/** OFREP's status for a flag that could not be evaluated. */
export function statusOf(evaluation: Evaluation): 200 | 400 | 404 | 500 {
  if (!('errorCode' in evaluation)) return 200;
  switch (evaluation.errorCode) {
    case 'FLAG_NOT_FOUND':
      return 404;
    case 'PROVIDER_NOT_READY':
      return 500;
    default:
      return 400;
  }
}
