/** What people are told. */

export type AnnouncementKind =
  | 'started'
  | 'moved' // a new percent is proven
  | 'asked' // a decision is wanted
  | 'reminder'
  | 'escalation'
  | 'warning' // a check failed that does not roll back, or evidence is missing
  | 'paused'
  | 'resumed'
  | 'rolled-back'
  | 'needs-a-human' // the rollback is not proven yet
  | 'refused'
  | 'superseded'
  | 'completed'
  | 'orphan'; // the flag is up and no rollout runs behind it

export interface Announcement {
  /** The same for every attempt to deliver this announcement: receivers de-duplicate on it. */
  readonly id: string;
  readonly kind: AnnouncementKind;
  readonly rollout: string;
  readonly runId: string;
  readonly flag: string;
  readonly environment: string;
  readonly plan: string;
  /** ISO instant. */
  readonly at: string;
  /** ISO instant since when it is so; left out: since `at`. */
  readonly since?: string;
  readonly percent: number | null;
  /** What happened. */
  readonly what: string;
  /** Why, with numbers where there are any. */
  readonly why: string;
  /** What happens next, and when. */
  readonly next: string;
  /** Roles that are asked, if any. */
  readonly who: readonly string[];
}
