/** How the story of a rollout ends. */

export type Ending =
  | { readonly kind: 'completed'; readonly reason: string }
  /** Nothing was written. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Somebody else owns the flag now; we write nothing more. */
  | { readonly kind: 'superseded'; readonly reason: string }
  | { readonly kind: 'roll-back'; readonly reason: string };
