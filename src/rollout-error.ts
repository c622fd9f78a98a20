/** What can keep a caller from a rollout, told apart so that the caller can act on it. */

export type RolloutErrorKind =
  | 'unreachable' // the Temporal server does not answer, or does not let us in
  | 'no-worker' // the server answers, but nobody there runs rollouts
  | 'unproven' // a rollback that the rollout knows of and could not prove yet
  | 'not-found'
  | 'ambiguous' // a name that fits several rollouts
  | 'already-open' // one open rollout per flag
  | 'ended' // the rollout is over and takes nothing any more
  | 'refused' // the server or the rollout would not take the message as it is
  | 'configuration'; // a profile or certificate that cannot be read

/** The message says what failed, why, and what to do. */
export class RolloutError extends Error {
  override readonly name = 'RolloutError';
  readonly kind: RolloutErrorKind;

  constructor(kind: RolloutErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
