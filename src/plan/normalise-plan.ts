/** PlanFile → Plan: every default filled in, every check resolved, the digest over it. */
import type { Catalogue } from '../catalogue/catalogue.js';
import { digestOf } from '../core/digest.js';
import type { Check, ChecklistItem, DecisionRule, Gate, Plan } from '../core/plan.js';
import { readLimit, writtenLimit } from './check-limit.js';
import type { CheckFile } from './check-schema.js';
import { sourceOf } from './check-source.js';
import { windowOf } from './check-window.js';
import type { DecisionFile } from './gate-schema.js';
import { mergeGates, type ChecklistFile, type MergedGate } from './merged-gate.js';
import type { PlanFile } from './plan-schema.js';

/** @throws RangeError for a file that breaks a rule: ask the rules first. */
export function normalisePlan(file: PlanFile, catalogue: Catalogue | null): Plan {
  const everyMs = new Map(
    file.watch.checks.map((entry) => (typeof entry === 'string' ? [entry, file.watch.every] : [entry.id, entry.every])),
  );
  const plan: Omit<Plan, 'digest'> = {
    apiVersion: file.apiVersion,
    name: file.name,
    owner: file.owner ?? null,
    description: file.description ?? null,
    flag: toFlag(file.flag),
    startAt: file.startAt ?? null,
    deadlineMs: file.deadline,
    preflight: file.preflight === undefined ? null : toGate(mergeGates(null, file.preflight)),
    watch: { everyMs: file.watch.every, guardMs: file.watch.guard, checks: [...everyMs.keys()] },
    stages: file.stages.map(({ percent, hold, gate }) => ({
      percent,
      holdMs: hold,
      gate: toGate(mergeGates(file.gate, gate)),
    })),
    after: toChecklist(file.after?.checklist ?? [], afterDueMs),
    policy: toPolicy(file.policy),
    checks: Object.fromEntries(
      Object.entries(file.checks).map(([name, check]) => [
        name,
        {
          ...toCheck(name, check, { catalogue, environment: file.flag.environment }),
          everyMs: everyMs.get(name) ?? file.watch.every,
        },
      ]),
    ),
    channels: file.announce.channels,
  };
  return { ...plan, digest: digestOf(plan) };
}

const toFlag = ({ store, environment, key, rollback }: PlanFile['flag']): Plan['flag'] => ({
  store,
  environment,
  key,
  rollbackSet: rollback.set,
});

/** What is left to do after the bake ends by itself: a day is enough to attest it. */
const afterDueMs = 24 * 60 * 60 * 1_000;

const toChecklist = (items: ChecklistFile, dueMs: number | null): ChecklistItem[] =>
  items.map(({ id, title, role, probe, due, phase }) => ({
    id,
    title,
    role: role ?? null,
    probe: probe ?? null,
    dueMs: due ?? dueMs,
    // Plans without it keep the digest they had.
    ...(phase === undefined ? {} : { phase }),
  }));

const toGate = ({ checks, smoke, checklist, decision }: MergedGate): Gate => ({
  checks,
  smoke,
  checklist: toChecklist(checklist, null),
  decision: decision === null ? null : toDecision(decision),
});

const toDecision = (decision: DecisionFile): DecisionRule => ({
  approvers: decision.approvers,
  notStarter: decision.notStarter,
  deadlineMs: decision.deadline,
  remindEveryMs: decision.remindEvery ?? null,
  escalateTo: decision.escalateTo ?? null,
  onDeadline: decision.onDeadline,
});

const toPolicy = (policy: PlanFile['policy']): Plan['policy'] => ({
  onNoGo: policy.onNoGo,
  onSmokeFailure: policy.onSmokeFailure,
  onInconclusive: { afterMs: policy.onInconclusive.after, do: policy.onInconclusive.do },
  onUnavailable: { afterMs: policy.onUnavailable.after, do: policy.onUnavailable.do },
  onDrift: policy.onDrift,
  onDeadline: {
    do: policy.onDeadline.do,
    afterMs: policy.onDeadline.after ?? null,
    then: policy.onDeadline.then ?? null,
  },
  maxRollbackTimeMs: policy.maxRollbackTime,
});

function toCheck(
  name: string,
  check: CheckFile,
  { catalogue, environment }: { readonly catalogue: Catalogue | null; readonly environment: string },
): Omit<Check, 'everyMs'> {
  const source = sourceOf(check, catalogue, environment);
  const written = writtenLimit(check);
  if (source === null) throw new RangeError(`check ${name} breaks a rule`);
  const read = written === null ? null : readLimit(written, source.unit);
  const limit = read === null ? source.limit : read.ok ? read.limit : null;
  if (limit === null) throw new RangeError(`check ${name} breaks a rule`);
  return {
    name,
    title: check.title ?? source.title ?? name,
    severity: check.severity,
    limit,
    unit: source.unit,
    consecutive: check.consecutive,
    minEvents: check.minEvents,
    ...windowOf(check, source),
    queries: source.queries,
  };
}
