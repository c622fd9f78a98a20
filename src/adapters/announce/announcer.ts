/** The ports to people: what a rollout says by itself, and what a person sends. */
import type { Announcement } from '../../core/announcement.js';
import type { Audience } from '../../core/audience.js';
import type { Notice } from '../../core/notice.js';

/** Reaches staff only: what a rollout says by itself never goes to customers. */
export interface Announcer {
  /** Throws `AdapterError` when the channel did not take it; the caller retries, with the same id. */
  announce(announcement: Announcement): Promise<void>;
}

export interface Poster {
  readonly audience: Audience;
  /** Throws `AdapterError` when the channel did not take it; the caller retries, with the same id. */
  post(notice: Notice): Promise<void>;
}

/** A channel as it is opened. */
export interface Channel extends Announcer {
  post(notice: Notice): Promise<void>;
}
