/** What every answer of the flag app is made from. */
import type { Access } from './access.js';
import type { EventStreams } from './event-streams.js';
import type { FollowedDocument } from './followed-document.js';

export interface Served {
  readonly document: FollowedDocument;
  readonly access: Access;
  /** Whole documents: Holdpoint's own client. */
  readonly documents: EventStreams;
  /** That there is something to ask for: OFREP's clients. */
  readonly changes: EventStreams;
}
