/** Percentages rise, and end where the plan says. */
import { formatPercent } from '../../core/number-text.js';
import type { Rule } from './rule.js';

export const percentagesRise: Rule = ({ draft: { stages } }) =>
  stages.flatMap((stage, index) => {
    const before = stages[index - 1];
    if (stage == null || before == null || stage.percent > before.percent) return [];
    return [
      {
        path: ['stages', index, 'percent'],
        message: `found ${stage.percent} after ${before.percent}; percentages must rise from stage to stage`,
      },
    ];
  });

export const percentagesEnd: Rule = ({ draft: { stages, endAt, says } }) => {
  if (endAt === null && says(['endAt'])) return [];
  const last = stages.at(-1);
  const end = endAt ?? 100;
  if (last == null || last.percent === end) return [];
  const fix =
    endAt === null
      ? `add a stage with percent: 100, or say that it ends here with endAt: ${last.percent}`
      : `make the last stage ${formatPercent(endAt)}, or write endAt: ${last.percent}`;
  return [
    {
      path: ['stages', stages.length - 1, 'percent'],
      message: `the last stage is at ${formatPercent(last.percent)}, the rollout ends at ${formatPercent(end)}; ${fix}`,
    },
  ];
};
