/** I3: no rise without a fresh passing verdict and everybody whom the plan asks. */
import type { AuditEntry } from '../../../src/core/audit.js';
import type { Decision } from '../../../src/core/decision.js';
import { personKey } from '../../../src/core/person.js';
import type { Gate, Plan } from '../../../src/core/plan.js';
import { receiptIn } from './percents.js';
import type { Invariant, Story } from './story.js';

export const everyRiseIsEarned: Invariant = (story) => {
  let stage = 0;
  return story.audit.flatMap((entry, index) => {
    const to = Number(entry.data['stage']);
    if (entry.kind !== 'flip' || receiptIn(entry) === undefined || to <= stage) return [];
    stage = to;
    const left = to - 1;
    const gate = left === 0 ? story.plan.preflight : (story.plan.stages[left - 1]?.gate ?? null);
    if (gate === null) return [];
    const before = story.audit.slice(0, index).filter(({ data }) => data['stage'] === left);
    return missing(story, gate, before).map((what) => `entry ${entry.seq} leaves stage ${left} without ${what}`);
  });
};

function missing(story: Story, gate: Gate, before: readonly AuditEntry[]): string[] {
  const go = before.findLast(({ kind, data }) => kind === 'move' && data['move'] === 'advance');
  if (go === undefined) return ['the move to advance'];
  const known = before.filter(({ seq }) => seq < go.seq);
  return [...verdictTrouble(story.plan, known, go), ...peopleTrouble(story, gate, known), ...itemTrouble(gate, known)];
}

function verdictTrouble(plan: Plan, known: readonly AuditEntry[], go: AuditEntry): string[] {
  const verdict = known.findLast(({ kind, data }) => kind === 'verdict' && data['scope'] === 'gate');
  if (verdict?.data['outcome'] !== 'pass') return ['a passing verdict'];
  const ageMs = Date.parse(go.at) - Date.parse(verdict.at);
  // The same rule as the workflow's, written down again: that is what a check is.
  const freshMs = Math.min(plan.watch.everyMs, Math.max(10_000, 4 * plan.watch.guardMs));
  return ageMs > freshMs ? [`a fresh verdict: it is ${ageMs} ms old`] : [];
}

function peopleTrouble({ startedBy }: Story, { decision }: Gate, known: readonly AuditEntry[]): string[] {
  const standing = standingDecisions(known);
  const against = [...standing.values()].find((one) => one.decision === 'no-go');
  if (against !== undefined) return [`${against.by}, who says no-go`];
  if (decision === null) return [];
  const counted = [...standing.values()].filter(
    ({ by }) => !decision.notStarter || personKey(by) !== personKey(startedBy),
  );
  return decision.approvers
    .filter(({ role, count }) => counted.filter((one) => one.role === role).length < count)
    .map(({ role, count }) => `${count} × ${role}`);
}

/** By person: the newest that did not lapse. */
function standingDecisions(known: readonly AuditEntry[]): Map<string, Decision> {
  const standing = new Map<string, Decision>();
  for (const { kind, data } of known) {
    if (kind === 'decision') {
      const decision = data as unknown as Decision;
      standing.set(personKey(decision.by), decision);
    } else if (kind === 'lapse') {
      for (const { by } of data['lapsed'] as readonly Decision[]) standing.delete(personKey(by));
    } else if (kind === 'message' && data['message'] === 'withdraw' && data['item'] === undefined) {
      standing.delete(personKey(String(data['by'])));
    }
  }
  return standing;
}

function itemTrouble({ checklist }: Gate, known: readonly AuditEntry[]): string[] {
  const done = new Map<unknown, boolean>();
  for (const { kind, data } of known) {
    if (kind === 'probe') done.set(data['item'], data['ok'] === true);
    else if (kind === 'message' && data['message'] === 'attest') done.set(data['item'], true);
    else if (kind === 'message' && data['message'] === 'withdraw') done.delete(data['item']);
  }
  return checklist.filter(({ id }) => done.get(id) !== true).map(({ title }) => title);
}
