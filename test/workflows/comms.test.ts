/** What people send: once, recorded, to customers only with a yes; and a promised update is not forgotten. */
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AdapterError } from '../../src/adapters/adapter-error.js';
import { commsPack, commsWorkflowId, noticeId, type SendAnswer, type SendMessage } from '../../src/core/comms.js';
import { auditQuery } from '../../workflows/messages.js';
import { closeUpdate, commsStatusQuery, sendUpdate } from '../../workflows/comms-messages.js';
import type { comms } from '../../workflows/comms.js';
import { aMessage, toCustomers } from '../support/a-message.js';
import { packIn, assertPack } from '../support/archived-pack.js';
import { aWorld, type World } from '../support/a-world.js';
import { replay } from '../support/replay.js';
import { recordHistory } from '../support/stored-history.js';
import { openTimeSkipping, startWorkers, type RunningWorkers } from '../support/temporal-env.js';

let env: TestWorkflowEnvironment;
let world: World;
let workers: RunningWorkers;
const taskQueue = 'messages';
/** Each test has messages of its own. */
let tests = 0;
let input = { environment: 'production', flag: '' };
beforeAll(async () => {
  env = await openTimeSkipping();
  world = aWorld();
  // Without a cache every task replays from the beginning, as after a worker that went away.
  workers = await startWorkers(env, { taskQueue, activities: world.activities, cache: false });
});
beforeEach(() => {
  tests += 1;
  input = { environment: 'production', flag: `flag-${tests}` };
  world.state.beforePost = () => Promise.resolve();
});
afterAll(async () => {
  await workers.stop();
  await env.teardown();
});

const ours = <T extends { readonly flag: string }>(all: readonly T[]): T[] =>
  all.filter(({ flag }) => flag === input.flag);
const notices = () => ours(world.announcer.notices);
const announcements = () => ours(world.announcer.announcements);

async function send(about: SendMessage, queue = taskQueue): Promise<SendAnswer> {
  const notice = { ...about.notice, flag: input.flag };
  const message = {
    ...about,
    notice: { ...notice, id: about.notice.id === 'another' ? 'another' : noticeId(notice, about.channel.id) },
  };
  return env.client.workflow.executeUpdateWithStart(sendUpdate as UpdateDefinition<SendAnswer, [SendMessage]>, {
    args: [message],
    updateId: message.notice.id,
    startWorkflowOperation: new WithStartWorkflowOperation('comms', {
      workflowId: commsWorkflowId(input),
      taskQueue: queue,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  });
}

const handle = () => env.client.workflow.getHandle<typeof comms>(commsWorkflowId(input));
const inMinutes = async (minutes: number): Promise<string> =>
  new Date((await env.currentTimeMs()) + minutes * 60_000).toISOString();
const told = (...wanted: string[]) =>
  expect.poll(() => announcements().map(({ kind }) => kind), { timeout: 20_000 }).toEqual(wanted);

it('a text for staff is delivered, recorded and closed', async () => {
  const message = aMessage({ notice: { moment: 'heads-up' } });
  expect(await send(message)).toMatchObject({ accepted: true, delivered: true, nextUpdateAt: null });
  const result = await handle().result();
  expect(notices()).toMatchObject([{ text: message.notice.text, by: 'mira' }]);
  const { runId } = await handle().describe();
  const pack = packIn(world.archive, commsPack(input, runId));
  assertPack(pack, { outcome: 'completed', percent: 0, reason: '', auditHead: result.auditHead, receipt: null });
  expect(pack.files.get('audit.jsonl')?.text).toContain('Saving a report takes up to a minute.');
  expect(pack.files.get('report.md')?.text).toContain('mira sent send incident-initial-email to room.');
  await replay(await handle().fetchHistory(), handle().workflowId);
});

describe('what customers may read', () => {
  it('goes out with the yes of a person, who stands in the record', async () => {
    expect(await send(toCustomers({ moment: 'success' }))).toMatchObject({ accepted: true, delivered: true });
    await handle().result();
    const sent = (await handle().query(auditQuery)).find(({ kind }) => kind === 'message');
    expect(sent?.data).toMatchObject({ by: 'mira', confirmedBy: 'mira', audience: 'customers' });
    expect(notices()).toHaveLength(1);
  });

  it.each([
    ['nobody said yes', () => toCustomers({ confirmed: null }), /nobody has said/],
    [
      'the yes was to another text',
      () => toCustomers({ confirmed: { by: 'kim', digest: 'sha256:00' } }),
      /kim has said yes to another text/,
    ],
    [
      'it was written for staff',
      () => aMessage({ channel: { id: 'status', audience: 'customers' } }),
      /is written for staff/,
    ],
  ])('never when %s', async (_, message, why) => {
    expect(await send(message())).toMatchObject({
      accepted: false,
      delivered: false,
      reason: expect.stringMatching(why) as string,
    });
    await handle().result();
    expect(notices()).toEqual([]);
    expect((await handle().query(auditQuery)).map(({ kind }) => kind)).toContain('refusal');
  });
});

describe('a promised update', () => {
  it('is reminded of before, escalates when it does not come, and goes on; the next word moves it', async () => {
    await send(toCustomers({}, await inMinutes(60)));
    await env.sleep('49m');
    await told();
    await env.sleep('2m');
    await told('reminder');
    expect(await handle().query(commsStatusQuery)).toMatchObject({ state: 'owed' });
    await env.sleep('10m');
    await told('reminder', 'escalation');
    expect(announcements().at(-1)).toMatchObject({
      who: ['mira', 'comms-lead'],
      what: expect.stringMatching(/promised an update by .*, and it did not come/) as string,
      next: expect.stringContaining('holdpoint comms send') as string,
    });
    expect(await handle().query(commsStatusQuery)).toMatchObject({ state: 'late' });
    await env.sleep('15m');
    await told('reminder', 'escalation', 'escalation');
    await send(toCustomers({ moment: 'incident-update', text: 'Still at it.' }, await inMinutes(60)));
    expect(await handle().query(commsStatusQuery)).toMatchObject({ state: 'owed' });
    await env.sleep('45m');
    await told('reminder', 'escalation', 'escalation');
    await send(toCustomers({ moment: 'incident-final', text: 'Over.' }));
    expect(await handle().result()).toMatchObject({ outcome: 'completed', sent: 3 });
    const history = await handle().fetchHistory();
    await replay(history, handle().workflowId);
    await recordHistory('promised-update', handle().workflowId, history);
  });

  it('that is due sooner than the reminder escalates, and is not reminded of at once', async () => {
    await send(toCustomers({}, await inMinutes(5)));
    await env.sleep('4m');
    await told();
    await env.sleep('2m');
    await told('escalation');
    await handle().executeUpdate(closeUpdate, { args: [{ by: 'kim', reason: 'told by phone' }] });
    await handle().result();
  });

  it('ends when a person says that nobody waits for it', async () => {
    await send(toCustomers({}, await inMinutes(60)));
    await handle().executeUpdate(closeUpdate, { args: [{ by: 'kim', reason: 'told by phone' }] });
    await handle().result();
    expect(announcements()).toEqual([]);
  });

  it('is not touched by messages about other things, and ends with a reason or a cancellation', async () => {
    await send(toCustomers({}, await inMinutes(60)));
    await send(aMessage({ notice: { moment: 'handoff', text: 'Yours now.' } }));
    expect(await handle().query(commsStatusQuery)).toMatchObject({ state: 'owed' });
    await expect(
      handle().executeUpdate(closeUpdate, { args: [{ by: 'kim' } as { by: string; reason: string }] }),
    ).rejects.toThrow();
    await handle().cancel();
    expect(await handle().result()).toMatchObject({ sent: 2 });
    await told();
    const audit = await handle().query(auditQuery);
    expect(audit.at(-1)?.data['reason']).toBe('Cancelled: nobody is reminded any more.');
    await replay(await handle().fetchHistory(), handle().workflowId);
  });
});

it('a promise that nobody keeps escalates for days, in one run after another, and nothing is forgotten', async () => {
  const cached = await startWorkers(env, { taskQueue: 'days', activities: world.activities, cache: true });
  const promise = toCustomers({}, await inMinutes(5));
  await send(promise, 'days');
  const first = await handle().describe();
  await env.sleep('5d');
  // Four times a quarter of an hour apart, and then once an hour.
  const escalations = (): number => announcements().filter(({ kind }) => kind === 'escalation').length;
  await expect.poll(escalations).toBe(4 + 24 * 5 - 1);
  expect((await handle().describe()).runId).not.toBe(first.runId);
  expect(new Set(announcements().map(({ id }) => id)).size).toBe(announcements().length);
  expect(await handle().query(commsStatusQuery)).toMatchObject({
    state: 'late',
    nextUpdateAt: promise.nextUpdateAt,
    sent: [{ template: 'incident-initial-status-page', delivered: true }],
  });
  // What an earlier run took is not sent again.
  expect(await send(promise, 'days')).toMatchObject({ accepted: true, delivered: true });
  expect(notices()).toHaveLength(1);
  await send(toCustomers({ moment: 'incident-final', text: 'Over.' }), 'days');
  const { sent, auditHead } = await handle().result();
  expect(sent).toBe(2);
  const pack = packIn(world.archive, commsPack(input, first.runId));
  assertPack(pack, { outcome: 'completed', percent: 0, reason: '', auditHead, receipt: null });
  const { workflowId } = handle();
  const history = await handle().fetchHistory();
  await replay(history, workflowId);
  await replay(await env.client.workflow.getHandle(workflowId, first.runId).fetchHistory(), workflowId);
  await recordHistory('promise-of-an-earlier-run', workflowId, history);
  await cached.stop();
}, 60_000);

it('the very text to the very channel is sent once', async () => {
  const message = toCustomers({}, await inMinutes(60));
  await send(message);
  // The same command again is the same update.
  expect(await send(message)).toMatchObject({ accepted: true, delivered: true });
  const again = { ...message, notice: { ...message.notice, id: 'another' } };
  expect(await send(again)).toMatchObject({ accepted: false, reason: expect.stringMatching(/already/) as string });
  expect(notices()).toHaveLength(1);
  await handle().cancel();
  await handle().result();
});

it('a channel that does not take it is tried again, and when it never does, people are told', async () => {
  let failures = 2;
  world.state.beforePost = () => {
    failures -= 1;
    return failures < 0 ? Promise.resolve() : Promise.reject(new AdapterError('channel status', 'unreachable', 'gone'));
  };
  await send(toCustomers({ moment: 'success' }));
  await handle().result();
  expect(notices()).toHaveLength(1);
  world.state.beforePost = () => Promise.reject(new AdapterError('channel status', 'not-configured', 'never'));
  const answer = await send(toCustomers({ moment: 'success', text: 'Really.' }));
  expect(answer).toMatchObject({ accepted: true, delivered: false });
  await handle().result();
  await told('escalation');
  expect(announcements()[0]).toMatchObject({
    what: 'incident-initial-status-page did not reach status, and is not tried any more.',
    why: 'never',
  });
});

it.each([[undefined], [{}], [{ environment: 'production' }]])('of %j fails at once', async (junk) => {
  const started = await env.client.workflow.start('comms', {
    workflowId: `junk-${Math.random()}`,
    taskQueue,
    args: [junk],
  });
  await expect(started.result()).rejects.toMatchObject({ cause: { message: 'Messages need to know the flag.' } });
});

it('junk in a message is refused before it is taken', async () => {
  const started = await env.client.workflow.start<typeof comms>('comms', {
    workflowId: commsWorkflowId(input),
    taskQueue,
    args: [input],
  });
  const whole = aMessage();
  const junk: readonly unknown[] = [
    { ...whole, channel: null },
    { ...whole, notice: { ...whole.notice, text: '' } },
    { ...whole, notice: { ...whole.notice, audience: 'everybody' } },
    { ...whole, nextUpdateAt: 'soon' },
    null,
  ];
  for (const one of junk)
    await expect(started.executeUpdate(sendUpdate, { args: [one as SendMessage] })).rejects.toThrow();
  expect(notices()).toEqual([]);
  // Who started it and sends nothing is not waited for.
  expect(await started.result()).toMatchObject({ sent: 0 });
});
