/** What must hold of every rollout, however it went: read from its audit and from the store's write log. */
import { expect } from 'vitest';
import { firstBadEntry, type AuditEntry } from '../../src/core/audit.js';
import type { Receipt } from '../../src/core/flag-record.js';

interface Write {
  readonly action: string;
  readonly percent: number | null;
  readonly fence: number;
}

export function assertInvariants(audit: readonly AuditEntry[], writes: readonly Write[]): void {
  expect(firstBadEntry(audit)).toBeNull();
  fencesOnlyGrow(writes);
  nothingRisesAfterARollback(writes);
  everyRiseIsEarned(audit);
}

function fencesOnlyGrow(writes: readonly Write[]): void {
  const fences = writes.map(({ fence }) => fence);
  expect(fences).toEqual([...fences].sort((a, b) => a - b));
}

function nothingRisesAfterARollback(writes: readonly Write[]): void {
  const first = writes.findIndex(({ action }) => action === 'rollback');
  if (first === -1) return;
  expect(writes.slice(first).filter(({ percent }) => percent !== 0)).toEqual([]);
}

/** Before each flip above the first: a gate that passed in the stage it leaves, and no no-go newer than the last go. */
function everyRiseIsEarned(audit: readonly AuditEntry[]): void {
  let highest = 0;
  for (const [index, { kind, data }] of audit.entries()) {
    const percent = (data['receipt'] as Receipt | undefined)?.percent ?? 0;
    if (kind !== 'flip' || percent <= highest) continue;
    const left = Number(data['stage']) - 1;
    const before = audit.slice(0, index).filter((entry) => entry.data['stage'] === left);
    highest = percent;
    if (left === 0 && before.every((entry) => entry.kind !== 'verdict')) continue;
    const verdict = before.findLast((entry) => entry.kind === 'verdict' && entry.data['scope'] === 'gate');
    expect(verdict?.data['outcome'], `the gate before ${percent} %`).toBe('pass');
    const noGo = before.findLast((entry) => entry.kind === 'decision' && entry.data['decision'] === 'no-go');
    if (noGo === undefined) continue;
    const taken = before.find(
      ({ seq, data: { by, decision, message } }) =>
        seq > noGo.seq && by === noGo.data['by'] && (decision === 'go' || message === 'withdraw'),
    );
    expect(taken, `a no-go of ${String(noGo.data['by'])} stood at ${percent} %`).toBeDefined();
  }
}
