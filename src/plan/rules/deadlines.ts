/** The holds, and people's answers between them, fit in the time the plan gives itself. */
import { formatDuration } from '../../core/duration.js';
import { stageGates } from '../merged-gate.js';
import type { Rule } from './rule.js';

/** One late answer must not break the plan: that is an error. All of them late might: that is worth knowing. */
export const holdsFitDeadline: Rule = ({ draft }) => {
  const { deadlineMs, stages, preflight } = draft;
  if (deadlineMs === null || stages.length === 0 || stages.includes(null)) return [];
  const holdsMs = stages.reduce((sum, stage) => sum + (stage?.hold ?? 0), 0);
  const gates = [preflight?.decision, ...stageGates(draft).map(({ gate }) => gate.decision)];
  const answersMs = gates.map((decision) => decision?.deadline ?? 0);
  const longestMs = Math.max(0, ...answersMs);
  const allMs = answersMs.reduce((sum, ms) => sum + ms, 0);
  const path = ['deadline'];
  if (holdsMs + longestMs > deadlineMs) {
    const answer = longestMs === 0 ? '' : ` and the longest wait for a decision ${formatDuration(longestMs)}`;
    return [
      {
        path,
        message: `the holds last ${formatDuration(holdsMs)}${answer}: more than the deadline of ${formatDuration(deadlineMs)}; write a longer deadline, or shorter holds`,
      },
    ];
  }
  if (holdsMs + allMs <= deadlineMs) return [];
  return [
    {
      path,
      severity: 'warning',
      message: `if every decision takes its whole time, the rollout lasts ${formatDuration(holdsMs + allMs)}, more than the deadline of ${formatDuration(deadlineMs)}`,
    },
  ];
};

export const thenNeedsAfter: Rule = ({ draft: { policy } }) => {
  if (policy === null) return [];
  const { after, then } = policy.onDeadline;
  if ((after === undefined) === (then === undefined)) return [];
  const [has, lacks] = after === undefined ? ['then', 'after: 1h'] : ['after', 'then: roll-back'];
  return [{ path: ['policy', 'onDeadline', has], message: `${has} says nothing alone; add ${lacks}, or leave it out` }];
};
