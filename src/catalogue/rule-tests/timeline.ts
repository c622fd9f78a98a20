/** What happens to a service in a test, phase by phase, and the counters that show it. */
import { intervalSeconds } from '../rules/rule-name.js';

export interface Phase {
  readonly name: 'quiet' | 'good' | 'breach' | 'recovery' | 'restart' | 'gone';
  readonly minutes: number;
}

/** One event counter's steps a scrape in each phase; null: the series is not there yet. */
export type Steps = (phase: Phase['name']) => number | null;

export const stepsOf = (minutes: number): number => (minutes * 60) / intervalSeconds;

/** From where to where each phase lasts, in minutes. */
export function phaseEnd(phases: readonly Phase[], name: Phase['name']): number {
  const index = phases.findIndex((phase) => phase.name === name);
  return phases.slice(0, index + 1).reduce((sum, { minutes }) => sum + minutes, 0);
}

/** In promtool's notation. A restart begins again with what happened since; what is gone ends with a stale mark. */
export function counterText(phases: readonly Phase[], steps: Steps): string {
  let count: number | null = null;
  const parts = phases.map(({ name, minutes }) => {
    const length = stepsOf(minutes);
    if (name === 'gone') return 'stale';
    const step = steps(name);
    if (step === null) return `_x${length}`;
    const from: number = name === 'restart' ? step : (count ?? 0) + (count === null ? 0 : step);
    count = from + step * (length - 1);
    return `${from}+${step}x${length - 1}`;
  });
  return parts.join(' ');
}

export function gaugeText(phases: readonly Phase[], valueIn: (phase: Phase['name']) => number): string {
  return phases
    .map(({ name, minutes }) => (name === 'gone' ? 'stale' : `${valueIn(name)}+0x${stepsOf(minutes) - 1}`))
    .join(' ');
}
