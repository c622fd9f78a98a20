/** The shipped fake: keeps what it was told. */
import type { Announcement } from '../../core/announcement.js';
import type { Announcer } from './announcer.js';

export interface MemoryAnnouncer extends Announcer {
  readonly announcements: readonly Announcement[];
}

export function openMemoryAnnouncer(): MemoryAnnouncer {
  const announcements: Announcement[] = [];
  return {
    announcements,
    announce: (announcement) => {
      announcements.push(announcement);
      return Promise.resolve();
    },
  };
}
