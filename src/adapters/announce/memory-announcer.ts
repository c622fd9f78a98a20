/** The shipped fake: keeps what it was told. */
import type { Announcement } from '../../core/announcement.js';
import type { Notice } from '../../core/notice.js';
import type { Channel } from './announcer.js';

export interface MemoryAnnouncer extends Channel {
  readonly announcements: readonly Announcement[];
  readonly notices: readonly Notice[];
}

export function openMemoryAnnouncer(): MemoryAnnouncer {
  const announcements: Announcement[] = [];
  const notices: Notice[] = [];
  return {
    announcements,
    notices,
    announce: (announcement) => {
      announcements.push(announcement);
      return Promise.resolve();
    },
    post: (notice) => {
      notices.push(notice);
      return Promise.resolve();
    },
  };
}
