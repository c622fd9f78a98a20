/** No gate opens by itself: something decides at each hold point. */
import { formatDuration } from '../../core/duration.js';
import { formatPercent } from '../../core/number-text.js';
import { stageGates, writtenGates, type MergedGate } from '../merged-gate.js';
import type { PlanDraft } from '../plan-draft.js';
import type { Found, Rule } from './rule.js';

export const gatesDecide: Rule = ({ draft }) => {
  const asks = (index: number): boolean =>
    draft.says(['gate', 'decision']) || draft.says(['stages', index, 'gate', 'decision']);
  const open = stageGates(draft).filter(({ index, gate }) => !asks(index) && !decides(draft, gate));
  const own = open.filter(({ stage }) => stage.gate !== undefined);
  const inherited = open.filter(({ stage }) => stage.gate === undefined);
  return [
    ...own.map(({ index, stage, gate }) => ({
      path: ['stages', index, 'gate'],
      message: opensByItself([stage.percent], gate),
    })),
    // One gate, one problem, however many stages have it.
    ...inherited.slice(0, 1).map(({ gate }) => ({
      path: ['gate'],
      message: opensByItself(
        inherited.map(({ stage }) => stage.percent),
        gate,
      ),
    })),
  ];
};

function decides(draft: PlanDraft, { checks }: MergedGate): boolean {
  return checks.some((name) => {
    const severity = draft.checks[name]?.severity;
    // A check that cannot be read, or is missing, has a problem of its own.
    return severity === undefined || severity === 'rollback' || severity === 'block';
  });
}

function opensByItself(percents: readonly number[], { checks }: MergedGate): string {
  const only = checks.length === 0 ? 'neither a check nor a decision' : 'only checks that never block';
  return `the gate at ${percents.map(formatPercent).join(', ')} has ${only}, so it would open by itself; give it a decision, or a check of severity block or rollback`;
}

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
