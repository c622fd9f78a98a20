/** Rollouts as a table: open ones first. */
import { formatInstant } from '../../core/instant.js';
import { formatPercent } from '../../core/number-text.js';
import type { RolloutSummary } from '../../find-rollout.js';
import { renderColumns } from './columns.js';
import { paintState } from './words.js';
import type { Paint } from '../terminal.js';

export function renderList(rollouts: readonly RolloutSummary[], paint: Paint): string {
  if (rollouts.length === 0) return 'There is no rollout yet. Start one: holdpoint start PLAN';
  const head = ['ROLLOUT', 'STATE', 'PERCENT', 'PLAN', 'STARTED BY', 'STARTED', 'ENDED'].map((title) =>
    paint.dim(title),
  );
  return renderColumns([
    head,
    ...rollouts.map(({ environment, flag, state, percent, plan, startedBy, startedAt, closedAt }) => [
      `${environment}/${flag}`,
      paintState(paint, state),
      formatPercent(percent),
      plan ?? '–',
      startedBy ?? '–',
      formatInstant(startedAt),
      closedAt === null ? 'open' : formatInstant(closedAt),
    ]),
  ]).join('\n');
}
