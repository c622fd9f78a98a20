/** Being unable to look or to act: what was tried, on what, what came back. Expected bad news is data instead. */

export type AdapterErrorReason =
  | 'unreachable'
  | 'timeout'
  | 'refused'
  | 'rate-limited'
  | 'bad-answer'
  | 'locked'
  | 'no-space'
  | 'not-permitted'
  | 'corrupt'
  | 'not-configured';

interface AdapterErrorOptions extends ErrorOptions {
  readonly retryAfterMs?: number | null;
}

export class AdapterError extends Error {
  override readonly name = 'AdapterError';
  readonly adapter: string;
  readonly reason: AdapterErrorReason;
  /** How long the other side asked to be left alone; null when it did not say. */
  readonly retryAfterMs: number | null;

  /** @param adapter - such as `flag store local`; the message says what failed, why, and what to do. */
  constructor(adapter: string, reason: AdapterErrorReason, message: string, options: AdapterErrorOptions = {}) {
    super(message, options);
    this.adapter = adapter;
    this.reason = reason;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
