/** A complete plan with only the interesting parts spelled out. */
import { digestOf } from '../../src/core/digest.js';
import type { Check, ChecklistItem, DecisionRule, Gate, Plan, Stage } from '../../src/core/plan.js';

const minute = 60_000;
const hour = 60 * minute;

export function aCheck(name: string, changes: Partial<Check> = {}): Check {
  return {
    name,
    title: name,
    severity: 'rollback',
    limit: { min: 0.995 },
    unit: 'ratio',
    consecutive: 3,
    minEvents: 0,
    windowMs: 15 * minute,
    overlapMs: 15 * minute,
    everyMs: 15 * minute,
    gateWindow: 'stage',
    queries: { value: `${name}[$window]`, events: `${name}_events[$window]` },
    ...changes,
  };
}

export const aDecision = (changes: Partial<DecisionRule> = {}): DecisionRule => ({
  approvers: [{ role: 'release-manager', count: 1 }],
  notStarter: true,
  deadlineMs: 2 * hour,
  remindEveryMs: null,
  escalateTo: null,
  onDeadline: 'pause',
  ...changes,
});

export const anItem = (id: string, changes: Partial<ChecklistItem> = {}): ChecklistItem => ({
  id,
  title: id,
  role: 'sre',
  probe: null,
  dueMs: null,
  ...changes,
});

export const aGate = (changes: Partial<Gate> = {}): Gate => ({
  checks: ['autosave-success'],
  smoke: [],
  checklist: [],
  decision: aDecision(),
  ...changes,
});

export const aStage = (percent: number, holdHours: number, gate: Gate = aGate()): Stage => ({
  percent,
  holdMs: holdHours * hour,
  gate,
});

export function aPlan(changes: Partial<Omit<Plan, 'digest'>> = {}): Plan {
  const plan: Omit<Plan, 'digest'> = {
    apiVersion: 'holdpoint/v1',
    name: 'day0',
    owner: 'reporting-team',
    description: null,
    flag: { store: 'local', environment: 'production', key: 'reporting-unified', rollbackSet: {} },
    startAt: null,
    deadlineMs: 40 * hour,
    preflight: null,
    watch: { everyMs: 15 * minute, guardMs: 15_000, checks: ['autosave-success'] },
    stages: [aStage(10, 4), aStage(25, 4), aStage(50, 4), aStage(100, 12)],
    after: [],
    policy: {
      onNoGo: 'roll-back',
      onSmokeFailure: 'roll-back',
      onInconclusive: { afterMs: 30 * minute, do: 'ask' },
      onUnavailable: { afterMs: 10 * minute, do: 'ask' },
      onDrift: 'pause',
      onDeadline: { do: 'ask', afterMs: hour, then: 'roll-back' },
      maxRollbackTimeMs: 2 * minute,
    },
    checks: { 'autosave-success': aCheck('autosave-success') },
    channels: [],
    ...changes,
  };
  // Changes may come from another plan, with its digest.
  const { digest: _, ...content } = plan as Plan;
  return { ...content, digest: digestOf(content) };
}
