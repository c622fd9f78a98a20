/** Instants as text: ISO in data, short UTC for people. `toLocaleString` would differ from worker to worker. */

export const iso = (ms: number): string => new Date(ms).toISOString();

/** `2026-12-01 16:00:05 UTC`, without the seconds when they are zero. */
export function formatInstant(instant: number | string): string {
  const text = new Date(instant).toISOString();
  const seconds = text.slice(17, 19);
  return `${text.slice(0, 10)} ${text.slice(11, 16)}${seconds === '00' ? '' : `:${seconds}`} UTC`;
}

/** `16:00 UTC` on the day of `now`, else with the date. */
export function formatClock(instant: number | string, now: number): string {
  const text = formatInstant(instant);
  return text.slice(0, 10) === new Date(now).toISOString().slice(0, 10) ? text.slice(11) : text;
}
