/** What the page says of the two variants, on the server and after a change. */
import type { Variant } from './failure-knobs.js';

export const pageTexts: Readonly<Record<Variant, { readonly title: string; readonly gets: string }>> = {
  on: { title: 'Unified reporting', gets: 'The new unified reporting is on.' },
  off: { title: 'Reporting', gets: 'The reporting you know is shown; unified reporting is off.' },
};
