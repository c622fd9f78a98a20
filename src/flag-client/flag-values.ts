/** What is asked of a flag, and what is answered. Reasons and error codes are OpenFeature's own words. */

/** A JSON value; its type is the type of the default that the caller gives. */
export type FlagValue = boolean | string | number | object;

export interface FlagContext {
  /** Who is asking: the same user must always bring the same one. */
  readonly targetingKey?: string | undefined;
  readonly [attribute: string]: unknown;
}

export type FlagReason = 'STATIC' | 'DEFAULT' | 'TARGETING_MATCH' | 'DISABLED' | 'ERROR';

export type FlagErrorCode = 'FLAG_NOT_FOUND' | 'PARSE_ERROR' | 'TYPE_MISMATCH' | 'GENERAL' | 'PROVIDER_NOT_READY';

/** One answer a flag can give. Without a value the caller's default is the answer. */
export interface Outcome {
  readonly reason: FlagReason;
  readonly value?: unknown;
  readonly variant?: string;
  readonly errorCode?: FlagErrorCode;
  readonly errorMessage?: string;
}

export interface FlagDetails<T> extends Outcome {
  readonly value: T;
  /** Why what is held may be out of date; null when nothing says so. */
  readonly problem: string | null;
}

/** The default `false` asks for a boolean, not for `false`. */
export type Widened<T> = T extends boolean ? boolean : T extends string ? string : T extends number ? number : T;

export const failure = (errorCode: FlagErrorCode, errorMessage: string): Outcome => ({
  reason: 'ERROR',
  errorCode,
  errorMessage,
});
