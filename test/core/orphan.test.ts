/** Which flag that is up is an orphan, in sentences an operator reads. */
import { expect, it } from 'vitest';
import { rolloutOwner } from '../../src/core/names.js';
import { judgeOwner, type OwnerStanding } from '../../src/core/orphan.js';

const at = '2026-12-01T12:00:00.000Z';
const closed = (how: string, percent: number | null = null): OwnerStanding => ({ kind: 'closed', how, percent, at });

it.each<[number | null, OwnerStanding, string]>([
  [50, { kind: 'open' }, 'fine: its rollout runs'],
  [null, { kind: 'open' }, 'fine: its rollout runs'],
  [100, closed('completed', 100), 'fine: its rollout completed at 2026-12-01 12:00 UTC'],
  [50, closed('completed', 50), 'fine: its rollout completed at 2026-12-01 12:00 UTC'],
  [
    50,
    closed('completed', 100),
    'noteworthy: its rollout completed at 100 % at 2026-12-01 12:00 UTC; somebody changed the flag since',
  ],
  [50, closed('terminated'), 'orphan: its rollout ended as terminated at 2026-12-01 12:00 UTC'],
  [100, closed('timed-out'), 'orphan: its rollout ended as timed-out at 2026-12-01 12:00 UTC'],
  [10, closed('rolled-back', 0), 'orphan: its rollout ended as rolled-back at 2026-12-01 12:00 UTC'],
  [null, closed('failed'), 'orphan: its rollout ended as failed at 2026-12-01 12:00 UTC'],
  [10, closed('refused', 10), 'orphan: its rollout ended as refused at 2026-12-01 12:00 UTC'],
  [
    100,
    { kind: 'unknown', pack: 'begun' },
    'orphan: Temporal does not know its rollout any more, and its pack has no end',
  ],
  [
    50,
    { kind: 'unknown', pack: 'none' },
    'orphan: Temporal does not know its rollout, and the archive has no pack of it',
  ],
  [
    100,
    { kind: 'unknown', pack: 'none' },
    'noteworthy: Temporal does not know its rollout any more, and the archive has no pack of it: it completed long ago, or was lost',
  ],
])('at %s %%, %j: %s', (percent, standing, said) => {
  const { kind, why } = judgeOwner({ percent }, standing);
  expect(`${kind}: ${why}`).toBe(said);
});

it.each([
  ['rollout/production/saves@run-1', { workflowId: 'rollout/production/saves', flag: 'saves', runId: 'run-1' }],
  ['rollout/production/team/saves@x@run-1', { workflowId: 'rollout/production/team/saves@x', flag: 'team/saves@x' }],
  ['break-glass:0815', null],
  ['rollout/production@run-1', null],
  ['rollout/production/saves', null],
  ['', null],
  [null, null],
])('the owner %j', (owner, parts) => {
  if (parts === null) expect(rolloutOwner(owner)).toBeNull();
  else expect(rolloutOwner(owner)).toMatchObject({ environment: 'production', ...parts });
});
