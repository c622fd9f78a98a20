/** A plan that nobody would write by hand: what a seed makes of the policies, stages and seats there are. */
import type { Plan } from '../../src/core/plan.js';
import { aDecision, aGate, aPlan, aStage } from './a-plan.js';
import type { Dice } from './dice.js';

const minute = 60_000;

export function aRandomPlan({ pick, chance }: Dice): Plan {
  const sre = { role: 'sre', count: pick(1, 1, 2) };
  const decision = aDecision({
    approvers: [{ role: 'release-manager', count: 1 }, ...(chance(0.5) ? [sre] : [])],
    notStarter: chance(0.8),
    deadlineMs: pick(30, 120, 240) * minute,
    remindEveryMs: pick(null, 30 * minute),
    escalateTo: pick(null, 'engineering-manager'),
    onDeadline: pick('ask', 'pause', 'pause', 'roll-back'),
  });
  const smoke = chance(0.3) ? ['reporting'] : [];
  const item = { id: 'audit', title: 'Security audit clean', role: 'security', probe: null, dueMs: null };
  const gate = aGate({ decision, smoke });
  const open = aGate({ decision: null, smoke });
  const percents = pick([10, 25, 50, 100], [10, 100], [0.1, 5, 100], [50, 100], [100]);
  return aPlan({
    deadlineMs: pick(6, 40) * 60 * minute,
    preflight: chance(0.3) ? aGate({ checks: [], checklist: [item], decision: null }) : null,
    stages: percents.map((percent) =>
      aStage(
        percent,
        pick(0.5, 1),
        percent === 100 || chance(0.4) ? open : { ...gate, checklist: chance(0.2) ? [item] : [] },
      ),
    ),
    policy: {
      onNoGo: pick('pause', 'roll-back'),
      onSmokeFailure: pick('ask', 'roll-back'),
      onInconclusive: { afterMs: 30 * minute, do: pick('ask', 'ask', 'roll-back') },
      onUnavailable: { afterMs: 10 * minute, do: pick('ask', 'ask', 'roll-back') },
      onDrift: pick('pause', 'reassert', 'roll-back'),
      onDeadline: { do: 'ask', afterMs: 60 * minute, then: 'roll-back' },
      maxRollbackTimeMs: 2 * minute,
    },
    channels: chance(0.5) ? ['room'] : [],
  });
}
