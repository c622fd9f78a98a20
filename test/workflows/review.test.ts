/** The review of a break-glass: another person answers, and until then it asks, reminds and escalates. */
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { firstBadEntry } from '../../src/core/audit.js';
import { reviewItem, reviewWorkflowId, type ReviewInput } from '../../src/core/review.js';
import type { MessageAnswer } from '../../src/core/rollout-shapes.js';
import { attestUpdate, auditQuery, whyQuery } from '../../workflows/messages.js';
import { reviewStatusQuery } from '../../workflows/review-messages.js';
import type { review } from '../../workflows/review.js';
import { aWorld, type World } from '../support/a-world.js';
import { assertPack, packIn } from '../support/archived-pack.js';
import { replay } from '../support/replay.js';
import { recordHistory } from '../support/stored-history.js';
import { openTimeSkipping, startWorkers, type RunningWorkers } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
let world: World;
let workers: RunningWorkers;
const taskQueue = 'reviews';
beforeEach(async () => {
  env = await openTimeSkipping();
  world = aWorld();
  workers = await startWorkers(env, { taskQueue, activities: world.activities, cache: true });
});
afterEach(async () => {
  await workers.stop();
  await env.teardown();
});

async function anInput(changes: Partial<ReviewInput> = {}): Promise<ReviewInput> {
  const at = new Date(await env.currentTimeMs()).toISOString();
  const breakGlass = { id: '77', environment: 'production', by: 'ola', reason: 'Temporal was away', at };
  return { store: 'local', key: 'saves', breakGlass, ...changes };
}

const open = (input: ReviewInput) =>
  env.client.workflow.start<typeof review>('review', {
    workflowId: reviewWorkflowId(input),
    taskQueue,
    args: [input],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
  });

type Handle = WorkflowHandle<typeof review>;
const attest = (handle: Handle, message: unknown): Promise<MessageAnswer> =>
  handle.executeUpdate(attestUpdate, { args: [message as { item: string; by: string }] });

const kinds = () => world.announcer.announcements.map(({ kind }) => kind);
const told = (...wanted: string[]) => expect.poll(kinds, { timeout: 20_000 }).toEqual(wanted);

it('is answered by another person, recorded in an audit and a pack of its own', async () => {
  const handle = await open(await anInput());
  await told('asked');
  expect(world.announcer.announcements[0]).toMatchObject({
    what: expect.stringContaining('ola took saves back without Temporal') as string,
    next: expect.stringContaining('holdpoint attest break-glass-review production/saves') as string,
  });
  for (const by of ['ola', ' OLA', 'ｏｌａ']) {
    expect(await attest(handle, { item: reviewItem, by })).toMatchObject({
      accepted: false,
      reason: 'ola broke the glass: another person has to review it.',
    });
  }
  expect(await attest(handle, { item: 'dashboards', by: 'kim' })).toMatchObject({ accepted: false });
  await expect(attest(handle, { item: reviewItem })).rejects.toThrow();
  await handle.signal('go', { by: 'kim' });
  expect(await handle.query(whyQuery)).toMatchObject({ blockers: [{ kind: 'checklist' }] });
  expect(await attest(handle, { item: reviewItem, by: 'kim', note: 'the server was down' })).toMatchObject({
    accepted: true,
  });
  const result = await handle.result();
  expect(result).toMatchObject({ outcome: 'reviewed', by: 'kim', note: 'the server was down' });
  const audit = await handle.query(auditQuery);
  expect(firstBadEntry(audit)).toBeNull();
  expect(audit.filter(({ kind }) => kind === 'refusal')).toHaveLength(5);
  expect(await world.archive.get('production/saves/break-glass-77/audit.jsonl')).toContain(
    result.outcome === 'reviewed' ? result.auditHead : '-',
  );
  expect(await world.archive.get('production/saves/break-glass-77/report.md')).toContain(
    'kim reviewed the break-glass',
  );
  expect(await handle.query(reviewStatusQuery)).toMatchObject({ state: 'completed', reviewed: { by: 'kim' } });
  await replay(await handle.fetchHistory(), handle.workflowId);
});

it('reminds, escalates at its deadline, and goes on asking; a cancellation is no review', async () => {
  const handle = await open(await anInput());
  await told('asked');
  await env.sleep('8h');
  await told('asked', 'reminder');
  await env.sleep('16h');
  await told('asked', 'reminder', 'reminder', 'escalation');
  expect(world.announcer.announcements.at(-1)?.who).toEqual(['on-call', 'engineering-manager']);
  expect(await handle.query(reviewStatusQuery)).toMatchObject({ state: 'needs-a-human' });
  await handle.cancel();
  await env.sleep('8h');
  await told('asked', 'reminder', 'reminder', 'escalation', 'escalation');
  await attest(handle, { item: reviewItem, by: 'kim' });
  expect(await handle.result()).toMatchObject({ outcome: 'reviewed', by: 'kim', note: null });
  const history = await handle.fetchHistory();
  await replay(history, handle.workflowId);
  await recordHistory('late-review', handle.workflowId, history);
});

it('that nobody gives is asked for over a month, in one run after another, and nothing is forgotten', async () => {
  const handle = await open(await anInput());
  await env.sleep('35d');
  await expect.poll(() => kinds().filter((kind) => kind === 'escalation').length, { timeout: 20_000 }).toBe(3 * 34 + 1);
  expect((await env.client.workflow.getHandle(handle.workflowId).describe()).runId).not.toBe(
    handle.firstExecutionRunId,
  );
  expect(new Set(world.announcer.announcements.map(({ id }) => id)).size).toBe(kinds().length);
  expect(await handle.query(reviewStatusQuery)).toMatchObject({ state: 'needs-a-human' });
  expect(await attest(handle, { item: reviewItem, by: 'ola' })).toMatchObject({ accepted: false });
  await attest(handle, { item: reviewItem, by: 'kim' });
  const result = await handle.result();
  if (result.outcome !== 'reviewed') throw new Error(result.outcome);
  const pack = packIn(world.archive, 'production/saves/break-glass-77');
  assertPack(pack, { ...result, outcome: 'completed', percent: 0, reason: '', receipt: null });
  await replay(await handle.fetchHistory(), handle.workflowId);
}, 60_000);

it('is given once: no second one can be opened, not even when Temporal has forgotten the first', async () => {
  const input = await anInput();
  const handle = await open(input);
  await attest(handle, { item: reviewItem, by: 'kim' });
  await handle.result();
  await expect(open(input)).rejects.toThrow('already');
  const forgotten = await env.client.workflow.start<typeof review>('review', {
    workflowId: `${reviewWorkflowId(input)}/forgotten`,
    taskQueue,
    args: [input],
  });
  expect(await forgotten.result()).toEqual({ outcome: 'reviewed-before', pack: 'production/saves/break-glass-77' });
  expect(kinds().toSorted()).toEqual(['asked', 'completed']);
});

it('that was terminated was not given: it can be opened again', async () => {
  const input = await anInput({ channels: ['room'] });
  await (await open(input)).terminate('too many mails');
  // What waits when it begins comes after its first entry.
  const again = await env.client.workflow.signalWithStart<typeof review>('review', {
    workflowId: reviewWorkflowId(input),
    taskQueue,
    args: [input],
    signal: 'go',
  });
  await attest(again, { item: reviewItem, by: 'kim' });
  expect(await again.result()).toMatchObject({ outcome: 'reviewed' });
  expect((await again.query(auditQuery)).map(({ kind }) => kind).slice(0, 2)).toEqual(['started', 'refusal']);
});

it.each([[undefined], [{ store: 'local', key: 'saves' }], [{ store: 'local', key: 'saves', breakGlass: { id: '1' } }]])(
  'of %j fails at once',
  async (input) => {
    const handle = await env.client.workflow.start('review', {
      workflowId: `junk-${Math.random()}`,
      taskQueue,
      args: [input],
    });
    await expect(handle.result()).rejects.toMatchObject({
      cause: { message: 'A review needs to know the break-glass.' },
    });
  },
);
