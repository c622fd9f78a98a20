/** How the story of a rollout ends. */

/** How a rollout closes. */
export type ClosingEnding =
  | { readonly kind: 'completed'; readonly reason: string }
  /** Nothing was written. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Somebody else owns the flag now; we write nothing more. */
  | { readonly kind: 'superseded'; readonly reason: string }
  | { readonly kind: 'roll-back'; readonly reason: string };

export type Ending =
  | ClosingEnding
  /** The history is long: the story goes on in a new run. */
  | { readonly kind: 'to-be-continued' };
