/** What every announcement says besides what happened: why, since when, what comes next, who decides. */
import type { Announcement, AnnouncementKind } from './announcement.js';
import { formatInstant } from './instant.js';
import { formatPercent } from './number-text.js';

export interface AnnouncementLine {
  readonly label: 'why' | 'since' | 'next' | 'decides';
  readonly text: string;
}

export const announcementLines = (announcement: Announcement): readonly AnnouncementLine[] => [
  { label: 'why', text: announcement.why.trim() || 'No reason was given.' },
  { label: 'since', text: formatInstant(announcement.since ?? announcement.at) },
  { label: 'next', text: announcement.next.trim() || nextOf[announcement.kind] },
  { label: 'decides', text: whoDecides(announcement) },
];

/** `production/reporting-unified at 25 %` */
export const whereOf = ({ environment, flag, percent }: Announcement): string =>
  `${environment}/${flag}${percent === null ? '' : ` at ${formatPercent(percent)}`}`;

/** Channels show these so that people who read along do not miss them. */
export const wantsAttention = ({ kind }: Announcement): boolean => attention.has(kind);

const attention: ReadonlySet<AnnouncementKind> = new Set([
  'asked',
  'escalation',
  'paused',
  'rolled-back',
  'needs-a-human',
  'superseded',
  'orphan',
]);

const ended = 'Nothing moves by itself any more.';

/** Where the event itself does not say it. */
const nextOf: Readonly<Record<AnnouncementKind, string>> = {
  started: 'Preflight, then the first percent.',
  moved: 'The hold, then its hold point.',
  asked: 'It waits for the answer.',
  reminder: 'It waits for the answer.',
  escalation: 'It waits for the answer.',
  warning: 'Nothing moves because of this alone.',
  paused: 'It stays at this percent until somebody resumes it or takes it back.',
  resumed: 'It goes on as the plan says.',
  'rolled-back': ended,
  'needs-a-human': 'Still trying.',
  refused: ended,
  superseded: ended,
  completed: ended,
  orphan: 'Nothing happens by itself.',
};

const closed: ReadonlySet<AnnouncementKind> = new Set(['rolled-back', 'refused', 'superseded', 'completed']);

function whoDecides({ who, kind, environment, flag }: Announcement): string {
  if (who.length > 0) return who.join(', ');
  return closed.has(kind)
    ? 'nobody is asked'
    : `nobody is asked; anyone can take it back: holdpoint rollback ${environment}/${flag}`;
}
