/** States, verdicts and times as the terminal shows them. A colour never says what the word does not. */
import { formatDuration } from '../../core/duration.js';
import { formatClock } from '../../core/instant.js';
import type { Paint } from '../terminal.js';

export function paintState(paint: Paint, state: string): string {
  switch (state) {
    case 'completed':
    case 'holding':
      return paint.green(state);
    case 'waiting':
    case 'preflight':
      return paint.cyan(state);
    case 'asking':
    case 'paused':
      return paint.yellow(state);
    default:
      return paint.red(state);
  }
}

export function paintOutcome(paint: Paint, outcome: string): string {
  switch (outcome) {
    case 'pass':
      return paint.green(outcome);
    case 'fail':
      return paint.red(outcome);
    default:
      return paint.yellow(outcome);
  }
}

/** `16:00 UTC, in 2 h 10 min` or `16:00 UTC, 5 min ago`. */
export function renderWhen(instant: string, nowMs: number): string {
  const ms = Date.parse(instant) - nowMs;
  const clock = formatClock(instant, nowMs);
  if (Math.abs(ms) < 1_000) return `${clock}, now`;
  return ms > 0 ? `${clock}, in ${formatDuration(ms)}` : `${clock}, ${formatDuration(-ms)} ago`;
}

/** ` (in 2 h 10 min)` behind a sentence that names the instant already; nothing without one. */
export function renderLeft(instant: string | null, nowMs: number): string {
  if (instant === null) return '';
  const ms = Date.parse(instant) - nowMs;
  return ms < 1_000 ? ' (now)' : ` (in ${formatDuration(ms)})`;
}
