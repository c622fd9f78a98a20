/** Being unable to look or to act: what was tried, on what, what came back. Expected bad news is data instead. */

export type AdapterErrorReason =
  | 'unreachable'
  | 'timeout'
  | 'refused'
  | 'bad-answer'
  | 'locked'
  | 'no-space'
  | 'not-permitted'
  | 'corrupt'
  | 'not-configured';

export class AdapterError extends Error {
  override readonly name = 'AdapterError';
  readonly adapter: string;
  readonly reason: AdapterErrorReason;

  /** @param adapter - such as `flag store local`; the message says what failed, why, and what to do. */
  constructor(adapter: string, reason: AdapterErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.adapter = adapter;
    this.reason = reason;
  }
}
