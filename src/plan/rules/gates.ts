/** No gate opens by itself: something decides at each hold point. */
import { formatDuration } from '../../core/duration.js';
import { stageGates, writtenGates } from '../merged-gate.js';
import type { Found, Rule } from './rule.js';

export const gatesDecide: Rule = ({ draft }) =>
  stageGates(draft).flatMap(({ index, stage, gate }): Found[] => {
    if (gate.decision !== null) return [];
    const deciding = gate.checks.some((name) => {
      const severity = draft.checks[name]?.severity;
      // A check that cannot be read, or is missing, has a problem of its own.
      return severity === undefined || severity === 'rollback' || severity === 'block';
    });
    if (deciding) return [];
    const only = gate.checks.length === 0 ? 'neither a check nor a decision' : 'only checks that never block';
    return [
      {
        path: ['stages', index, ...(stage.gate === undefined ? [] : ['gate'])],
        message: `the gate at ${stage.percent} % has ${only}, so it would open by itself; give it a decision, or a check of severity block or rollback`,
      },
    ];
  });

export const remindersComeInTime: Rule = ({ draft }) =>
  writtenGates(draft).flatMap(({ path, gate: { decision } }): Found[] =>
    decision?.remindEvery === undefined || decision.remindEvery < decision.deadline
      ? []
      : [
          {
            path: [...path, 'decision', 'remindEvery'],
            message: `the first reminder after ${formatDuration(decision.remindEvery)} does not come before the deadline of ${formatDuration(decision.deadline)}; write less`,
          },
        ],
  );
