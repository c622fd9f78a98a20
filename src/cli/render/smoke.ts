/** A smoke suite's outcome as text: a line for each step, with the time it took and the time it had. */
import { formatDuration } from '../../core/duration.js';
import type { TimedOutcome } from '../../run-suite-file.js';
import type { Paint } from '../terminal.js';
import { renderColumns } from './columns.js';

export function renderSmoke({ suite, outcome, steps, durationMs, detail }: TimedOutcome, paint: Paint): string {
  const colours = { passed: paint.green, failed: paint.red, skipped: paint.yellow } as const;
  const rows = steps.map(({ id, outcome: one, durationMs: took, withinMs, detail: why = '' }) => [
    colours[one](one),
    id,
    one === 'skipped' ? '' : `${took} ms${withinMs === undefined ? '' : ` of ${formatDuration(withinMs)}`}`,
    why,
  ]);
  const passed = steps.filter((step) => step.outcome === 'passed').length;
  const words = {
    passed: paint.green('green'),
    failed: paint.red('red'),
    unavailable: paint.yellow('could not be run'),
  };
  const summary = `${suite}: ${words[outcome]}, ${passed} of ${steps.length} steps passed in ${formatDuration(durationMs)}.`;
  return [
    ...renderColumns(rows),
    ...(rows.length > 0 ? [''] : []),
    detail === undefined ? summary : `${summary} ${detail}`,
  ].join('\n');
}
