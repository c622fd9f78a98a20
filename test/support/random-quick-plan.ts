/** A plan of seconds that nobody would write by hand, for the real server: there no time is skipped. */
import type { Plan } from '../../src/core/plan.js';
import { aCheck, aDecision, aGate, aPlan } from './a-plan.js';
import type { Dice } from './dice.js';

const second = 1_000;

/** Its one check asks `saves{flag="<key>"}`. */
export function aRandomQuickPlan(key: string, { pick, chance }: Dice): Plan {
  const everyMs = pick(0.5, 1, 2) * second;
  const sre = { role: 'sre', count: pick(1, 1, 2) };
  const decision = aDecision({
    approvers: [{ role: 'release-manager', count: 1 }, ...(chance(0.5) ? [sre] : [])],
    notStarter: chance(0.8),
    deadlineMs: pick(3, 20, 60) * second,
    remindEveryMs: pick(null, 2 * second),
    escalateTo: pick(null, 'engineering-manager'),
    onDeadline: pick('ask', 'pause', 'pause', 'roll-back'),
  });
  const item = { id: 'audit', title: 'Security audit clean', role: 'security', probe: null, dueMs: null };
  const asking = aGate({ checks: ['saves'], decision, checklist: chance(0.2) ? [item] : [] });
  const open = aGate({ checks: ['saves'], decision: null });
  const percents = pick([10, 25, 50, 100], [10, 100], [0.1, 5, 100], [50, 100], [100]);
  return aPlan({
    flag: {
      store: 'local',
      environment: 'production',
      key,
      rollbackSet: chance(0.2) ? { [`${key}-only`]: false } : {},
    },
    deadlineMs: pick(20, 3_600, 3_600, 3_600) * second,
    preflight: chance(0.3) ? aGate({ checks: [], checklist: [item], decision: null }) : null,
    watch: { everyMs, guardMs: 500, checks: ['saves'] },
    checks: {
      saves: aCheck('saves', {
        consecutive: pick(1, 2),
        windowMs: 0,
        overlapMs: 0,
        everyMs,
        gateWindow: 'watch',
        queries: { value: `saves{flag="${key}"}` },
      }),
    },
    stages: percents.map((percent) => ({
      percent,
      holdMs: pick(0, 1, 3) * second,
      gate: percent === 100 || chance(0.4) ? open : asking,
    })),
    after: chance(0.2) ? [{ ...item, dueMs: pick(2, 60) * second }] : [],
    policy: {
      onNoGo: pick('pause', 'roll-back'),
      onSmokeFailure: 'ask',
      onInconclusive: { afterMs: 2 * second, do: pick('ask', 'ask', 'roll-back') },
      onUnavailable: { afterMs: 2 * second, do: pick('ask', 'ask', 'roll-back') },
      onDrift: pick('pause', 'reassert', 'roll-back'),
      onDeadline: { do: 'ask', afterMs: 2 * second, then: 'roll-back' },
      maxRollbackTimeMs: 120 * second,
    },
  });
}
