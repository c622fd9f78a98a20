/** The port to people: one announcement to one channel. */
import type { Announcement } from '../../core/announcement.js';

export interface Announcer {
  /** Throws `AdapterError` when the channel did not take it; the caller retries, with the same id. */
  announce(announcement: Announcement): Promise<void>;
}
