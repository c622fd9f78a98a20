/** Everything that stands between now and the next percent. */
import type { WhyAnswer } from '../../core/rollout-shapes.js';
import { renderColumns } from './columns.js';
import { renderWhen } from './words.js';
import type { Paint } from '../terminal.js';

export function renderWhy({ blockers }: WhyAnswer, { nowMs, paint }: { nowMs: number; paint: Paint }): string {
  if (blockers.length === 0) return 'Nothing stands in the way.';
  return renderColumns(
    blockers.map(({ kind, sentence, until, who }) => [
      paint.yellow(kind),
      sentence,
      until === null ? '' : paint.dim(renderWhen(until, nowMs)),
      who.length === 0 ? '' : `can change it: ${who.join(', ')}`,
    ]),
  ).join('\n');
}
