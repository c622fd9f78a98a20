/** A checker that cannot fail proves nothing: a clean story has no violation, and each forged one is found out. */
import { expect, it } from 'vitest';
import { nextEntry, type AuditEntry, type AuditKind } from '../../src/core/audit.js';
import { aDecision, aGate, aPlan, aStage } from '../support/a-plan.js';
import { violationsOf } from '../support/invariants.js';
import type { RecordedWrite, Sighting, Story } from '../support/invariants/story.js';

const owner = 'rollout/production/reporting-unified@run-1';
const plan = aPlan({
  stages: [
    aStage(
      10,
      1,
      aGate({ checklist: [{ id: 'audit', title: 'Audit clean', role: 'security', probe: null, dueMs: null }] }),
    ),
    aStage(50, 1, aGate({ decision: aDecision({ approvers: [{ role: 'sre', count: 2 }] }) })),
    aStage(100, 1, aGate({ decision: null })),
  ],
});

type Told = readonly [AuditKind, Readonly<Record<string, unknown>>];

const receipt = (percent: number, fence = 1) => ({ receipt: { state: 'proven', percent, fence } });
const flip = (stage: number): Told => ['flip', { stage, ...receipt(plan.stages[stage - 1]?.percent ?? 0) }];
const passes = (stage: number): Told => ['verdict', { stage, scope: 'gate', outcome: 'pass' }];
const go = (stage: number, by: string, role: string): Told => ['decision', { stage, decision: 'go', by, role }];
const advance = (stage: number): Told => ['move', { stage, move: 'advance' }];
const rolledBack: readonly Told[] = [
  ['message', { message: 'rollback', by: 'ola' }],
  ['rollback', receipt(0, 2)],
];

const toFifty: readonly Told[] = [
  ['started', {}],
  ['claim', receipt(0)],
  flip(1),
  ['message', { message: 'attest', stage: 1, item: 'audit' }],
  passes(1),
  go(1, 'sam', 'release-manager'),
  advance(1),
  flip(2),
];
const toTheEnd: readonly Told[] = [
  ...toFifty,
  passes(2),
  go(2, 'ria', 'sre'),
  go(2, 'kim', 'sre'),
  advance(2),
  flip(3),
];

/** All in one minute: nothing here is stale, unless it says so itself. */
function chain(...told: readonly Told[]): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const [kind, data] of told) {
    const at = typeof data['at'] === 'string' ? data['at'] : '2026-12-01T12:00:00.000Z';
    entries.push(nextEntry(entries, { at, kind, data }));
  }
  return entries;
}

function writes(...percents: number[]): RecordedWrite[] {
  return percents.map((percent, index) => {
    const [action, by] = index === 0 ? ['claim', 'dana'] : percent === 0 ? ['rollback', 'ola'] : ['flip', owner];
    const fence = action === 'rollback' ? 2 : 1;
    return { action, by, before: percents[index - 1] ?? 0, percent, fence, owner };
  });
}

function aStory(changes: Partial<Story> = {}): Story {
  return {
    plan,
    startedBy: 'dana',
    owner,
    result: null,
    audit: chain(...toFifty, ...rolledBack),
    writes: writes(0, 10, 50, 0),
    events: [],
    sightings: seen(0, 10, 50, 0),
    ...changes,
  };
}

const seen = (...percents: number[]): Sighting[] =>
  percents.flatMap((percent): Sighting[] => [
    { kind: 'document', percent },
    { kind: 'client', percent },
  ]);

const without = (told: readonly Told[], gone: Told): Told[] => told.filter((one) => one !== gone);
const signalled = { workflowExecutionSignaledEventAttributes: { signalName: 'rollback' } };
const scheduledFlip = { activityTaskScheduledEventAttributes: { activityType: { name: 'flipFlag' } } };

it.each<[string, Story]>([
  ['taken back', aStory()],
  ['completed', aStory({ audit: chain(...toTheEnd), writes: writes(0, 10, 50, 100), sightings: seen(0, 10, 50, 100) })],
  ['taken back while a flip was on its way', aStory({ audit: chain(...toFifty.slice(0, -1), ...rolledBack) })],
  ['with a line of the log lost', aStory({ writes: writes(0, 10, 0), logMayMiss: true })],
  [
    'written back up after a resume',
    aStory({
      audit: chain(
        ...toFifty.slice(0, 3),
        ['drift', {}],
        ['message', { message: 'resume' }],
        flip(1),
        ...toFifty.slice(3),
        ...rolledBack,
      ),
      writes: writes(0, 10, 50, 0).toSpliced(2, 0, { ...writes(0, 10)[1]!, before: 3 }),
    }),
  ],
  ['with a flip before the message', aStory({ events: [scheduledFlip, signalled] })],
  [
    'broken by hand and mended',
    aStory({ sightings: [...seen(0, 10), { kind: 'torn', text: '{' }, ...seen(50, 0)], brokenByHand: true }),
  ],
  [
    "with a stranger's write",
    aStory({
      writes: writes(0, 10, 50, 0).toSpliced(3, 0, {
        action: 'flip',
        by: 'mallory',
        before: 50,
        percent: 3,
        fence: 1,
        owner,
      }),
    }),
  ],
])('a story %s has no violation', (_, story) => {
  expect(violationsOf(story)).toEqual([]);
});

const [, , , attested, passed, said] = toFifty as readonly [Told, Told, Told, Told, Told, Told, ...Told[]];
const late: Told = ['move', { stage: 1, move: 'advance', at: '2026-12-01T12:01:01.000Z' }];
const upToFlip = toFifty.slice(0, -2);

it.each<[string, string, Story]>([
  ['I1', 'a percent that is not in the plan', aStory({ writes: writes(0, 10, 40, 0) })],
  ['I1', 'a stage left out', aStory({ writes: writes(0, 50, 0) })],
  ['I1', 'a claim above 0', aStory({ writes: [{ ...writes(0)[0]!, percent: 5 }, ...writes(0, 10, 50, 0).slice(1)] })],
  ['I1', 'a drift written back up', aStory({ writes: [...writes(0, 10), { ...writes(0, 10)[1]!, before: 3 }] })],
  [
    'I2',
    'a rise after the rollback',
    aStory({ writes: [...writes(0, 10, 50, 0), { ...writes(0, 10)[1]!, fence: 2 }] }),
  ],
  ['I2', 'a fence that falls', aStory({ writes: [...writes(0, 10, 50, 0), { ...writes(0)[0]!, owner: 'x' }] })],
  [
    'I2',
    'a flip recorded after the rollback',
    aStory({ audit: chain(...toFifty.slice(0, -1), ...rolledBack, flip(2)) }),
  ],
  ['I2', 'a flip scheduled after the message', aStory({ events: [signalled, scheduledFlip] })],
  [
    'I2',
    'a flip scheduled after a cancellation',
    aStory({ events: [{ workflowExecutionCancelRequestedEventAttributes: {} }, scheduledFlip] }),
  ],
  ['I3', 'no verdict', aStory({ audit: chain(...without(toFifty, passed), ...rolledBack) })],
  [
    'I3',
    'a worse verdict at last',
    aStory({
      audit: chain(
        ...upToFlip,
        ['verdict', { stage: 1, scope: 'gate', outcome: 'inconclusive' }],
        advance(1),
        flip(2),
        ...rolledBack,
      ),
    }),
  ],
  ['I3', 'an old verdict', aStory({ audit: chain(...upToFlip, late, flip(2), ...rolledBack) })],
  ['I3', 'nobody', aStory({ audit: chain(...without(toFifty, said), ...rolledBack) })],
  ['I3', 'the starter alone', aStory({ startedBy: 'Sam' })],
  [
    'I3',
    'one person in two seats',
    aStory({ audit: chain(...toTheEnd.map((one) => (one[1]['by'] === 'kim' ? go(2, 'RIA', 'sre') : one))) }),
  ],
  [
    'I3',
    'a go that lapsed',
    aStory({
      audit: chain(...upToFlip, ['lapse', { stage: 1, lapsed: [{ by: 'sam' }] }], advance(1), flip(2), ...rolledBack),
    }),
  ],
  [
    'I3',
    'a no-go',
    aStory({
      audit: chain(
        ...upToFlip,
        ['decision', { stage: 1, decision: 'no-go', by: 'eve', role: 'release-manager' }],
        advance(1),
        flip(2),
        ...rolledBack,
      ),
    }),
  ],
  ['I3', 'the checklist', aStory({ audit: chain(...without(toFifty, attested), ...rolledBack) })],
  ['I4', 'a flip written twice', aStory({ writes: writes(0, 10, 10, 50, 0) })],
  [
    'I4',
    'two rollbacks',
    aStory({ writes: [...writes(0, 10, 50, 0), { ...writes(0, 10, 50, 0)[3]!, before: 0, fence: 3 }] }),
  ],
  ['I4', 'two claims', aStory({ writes: [writes(0)[0]!, ...writes(0, 10, 50, 0)] })],
  ['I4', 'a flip recorded twice', aStory({ audit: chain(...toFifty, flip(2), ...rolledBack) })],
  ['I5', 'an entry that was edited', aStory({ audit: aStory().audit.with(3, { ...aStory().audit[3]!, data: {} }) })],
  ['I5', 'an entry that is gone', aStory({ audit: aStory().audit.toSpliced(2, 1) })],
  ['I5', 'a write that nobody recorded', aStory({ audit: chain(...toFifty) })],
  ['I5', 'a record of no write', aStory({ writes: writes(0, 10, 0) })],
  [
    'I5',
    'a head that is not the end',
    aStory({ result: { outcome: 'rolled-back', percent: 0, reason: '', auditHead: 'sha256:0', receipt: null } }),
  ],
  ['I6', 'a torn document', aStory({ sightings: [...seen(0, 10, 50), { kind: 'torn', text: '{' }, ...seen(0)] })],
  [
    'I6',
    'a client that obeys a torn document',
    aStory({
      sightings: [...seen(0, 10, 50), { kind: 'torn', text: '{' }, ...seen(0).toReversed()],
      brokenByHand: true,
    }),
  ],
  [
    'I7',
    'a client where nobody was',
    aStory({ sightings: [...seen(0, 10), { kind: 'client', percent: 7 }, ...seen(50, 0)] }),
  ],
  ['I7', 'a client that stays behind', aStory({ sightings: seen(0, 10, 50, 0).slice(0, -1) })],
])('%s finds out: %s', (name, _, story) => {
  expect(violationsOf(story).map((violation) => violation.slice(0, 2))).toContain(name);
});
