/** What follows a break-glass: another person looks at what happened and says so. Names and shapes of that. */
import type { BreakGlass } from './flag-record.js';
import { packPath } from './names.js';
import { readMembers } from './person.js';

export const reviewItem = 'break-glass-review';

export interface ReviewInput {
  readonly store: string;
  readonly key: string;
  readonly breakGlass: BreakGlass;
  /** Left out: every channel of the worker's configuration. */
  readonly channels?: readonly string[];
}

export const reviewWorkflowId = ({ key, breakGlass: { environment, id } }: ReviewInput): string =>
  `review/${environment}/${key}/${id}`;

/** Where a review's pack is kept in the archive: beside those of the flag's rollouts. */
export const reviewPack = ({ key, breakGlass: { environment, id } }: ReviewInput): string =>
  packPath(environment, key, `break-glass-${id}`);

/** Is in the archive once the review was given. */
export const reviewReport = (input: ReviewInput): string => `${reviewPack(input)}/report.json`;

/** Null for what names no break-glass. */
export function readReview(input: unknown): ReviewInput | null {
  const { store, key, breakGlass, channels } = readMembers(input);
  const { id, environment, by, reason, at } = readMembers(breakGlass);
  const texts = [store, key, id, environment, by, reason, at];
  if (!texts.every((text) => typeof text === 'string' && text !== '') || Number.isNaN(Date.parse(String(at))))
    return null;
  return {
    store: String(store),
    key: String(key),
    breakGlass: {
      id: String(id),
      environment: String(environment),
      by: String(by),
      reason: String(reason),
      at: String(at),
    },
    ...(Array.isArray(channels) ? { channels: channels.map(String) } : {}),
  };
}

/** To list reviews without a worker. */
export interface ReviewMemo {
  readonly by: string;
  readonly reason: string;
  readonly at: string;
}

export const reviewMemo = ({ by, reason, at }: BreakGlass): ReviewMemo => ({ by, reason, at });

/** What the worker knows: how long people have, and whether the archive has this very review, closed, already. */
export interface ReviewGround {
  readonly terms: ReviewTerms;
  readonly reviewedBefore: boolean;
}

/** How long people have, as the worker's configuration says. */
export interface ReviewTerms {
  readonly deadlineMs: number;
  readonly remindEveryMs: number;
}

export interface ReviewStatus {
  readonly review: string;
  readonly flag: string;
  readonly environment: string;
  readonly brokenBy: string;
  readonly reason: string;
  readonly brokenAt: string;
  /** `needs-a-human`: the deadline is over. */
  readonly state: 'asking' | 'needs-a-human' | 'completed';
  readonly until: string;
  readonly reviewed: Reviewed | null;
}

export interface Reviewed {
  readonly by: string;
  readonly at: string;
  readonly note: string | null;
}

export type ReviewResult =
  | ({ readonly outcome: 'reviewed'; readonly auditHead: string } & Reviewed)
  /** The archive has it, from when Temporal still remembered. */
  | { readonly outcome: 'reviewed-before'; readonly pack: string };
