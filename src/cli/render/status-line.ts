/** A rollout's status as one line, for logs and pipes. */
import { formatInstant } from '../../core/instant.js';
import { formatPercent } from '../../core/number-text.js';
import type { RolloutStatus } from '../../core/rollout-shapes.js';

export function renderStatusLine(status: RolloutStatus, nowMs: number): string {
  const { state, stage, stages, percent, verdict, next, asked } = status;
  const seats = (asked?.roles ?? []).map(({ role, have, need }) => `${role} ${have}/${need}`).join(', ');
  return [
    formatInstant(Math.floor(nowMs / 1_000) * 1_000),
    state,
    `stage ${stage}/${stages}`,
    `intended ${formatPercent(percent.intended)}, observed ${formatPercent(percent.observed)}`,
    `verdict ${verdict?.outcome ?? 'none yet'}`,
    ...(seats === '' ? [] : [`asked ${seats}`]),
    next.sentence,
  ].join('  ');
}

/** Two statuses with the same key look the same to a reader. */
export function statusKey({ state, stage, percent, verdict, next, asked }: RolloutStatus): string {
  const { intended, observed } = percent;
  return JSON.stringify([
    state,
    stage,
    intended,
    observed,
    verdict?.outcome,
    next.sentence,
    asked?.roles,
    asked?.checklist,
  ]);
}
