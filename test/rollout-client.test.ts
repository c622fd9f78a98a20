/** The rollout client on a real server: who is told what when it goes well, when nobody works, when nothing answers. */
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { AdapterError } from '../src/adapters/adapter-error.js';
import { rolloutWorkflowId } from '../src/core/names.js';
import type { Plan } from '../src/core/plan.js';
import type { TemporalConfig } from '../src/config.js';
import { openRolloutClient, type RolloutClient } from '../src/rollout-client.js';
import { RolloutError } from '../src/rollout-error.js';
import { aCheck, aDecision, aGate, aPlan } from './support/a-plan.js';
import { aWorld, type World } from './support/a-world.js';
import { openDevServer } from './support/dev-server.js';
import { openLocalServer } from './support/local-server.js';
import { startWorkers, type RunningWorkers } from './support/temporal-env.js';

let env: TestWorkflowEnvironment;
let temporal: TemporalConfig;
let client: RolloutClient;
let workers: RunningWorkers;
let world: World;

const queue = 'client-test';

beforeAll(async () => {
  env = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path: inject('temporalPath') } },
  });
  temporal = { address: env.address, namespace: 'default', taskQueue: queue, profile: null, apiKey: null, tls: null };
  client = await openRolloutClient(temporal);
  world = aWorld();
});

afterAll(async () => {
  await workers?.stop();
  await client?.close();
  await env?.teardown();
});

let flags = 0;

/** A plan of its own flag, whose first hold point comes at once. */
function quickPlan(changes: Partial<Plan> = {}): Plan {
  flags += 1;
  const gate = aGate({ decision: aDecision({ approvers: [{ role: 'release-manager', count: 1 }] }) });
  return aPlan({
    flag: { store: 'local', environment: 'production', key: `flag-${flags}`, rollbackSet: {} },
    stages: [{ percent: 100, holdMs: 0, gate }],
    watch: { everyMs: 500, guardMs: 500, checks: ['autosave-success'] },
    checks: { 'autosave-success': aCheck('autosave-success', { windowMs: 0, overlapMs: 0, gateWindow: 'watch' }) },
    ...changes,
  });
}

async function failure(work: Promise<unknown>): Promise<RolloutError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RolloutError);
  return error as RolloutError;
}

async function untilAsked(rollout: { rollout: string }): Promise<void> {
  for (;;) {
    const { state, asked } = await client.status(rollout);
    if (state === 'asking' && asked !== null) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('without a worker', () => {
  it('finds nothing on a server that no rollout was ever started on', async () => {
    expect(await client.list({ closed: 5 })).toEqual([]);
    expect(await failure(client.find(null))).toMatchObject({ kind: 'not-found' });
    expect(await failure(client.find('nothing-here'))).toMatchObject({ kind: 'not-found' });
    expect(await failure(client.find(`x' OR WorkflowType = 'rollout`))).toMatchObject({ kind: 'not-found' });
  });

  it('starts, finds and refuses a second start; a query says that no worker answers', async () => {
    const plan = quickPlan();
    const started = await client.start(plan, { by: 'dana' });
    expect(started).toMatchObject({
      rollout: rolloutWorkflowId('production', 'flag-1'),
      open: true,
      startedBy: 'dana',
    });
    for (const name of [null, 'flag-1', 'production/flag-1', 'rollout/production/flag-1']) {
      expect(await client.find(name)).toEqual(started);
    }
    expect(await client.plan(started)).toEqual(plan);
    const second = await failure(client.start(plan, { by: 'eve' }));
    expect(second.kind).toBe('already-open');
    expect(second.message).toContain('started by dana since ');
    const silent = await failure(client.status(started));
    expect(silent.kind).toBe('no-worker');
    expect(silent.message).toContain('holdpoint worker');
  });

  it('notes a rollback, says that it is not proven, and it happens as soon as a worker runs', async () => {
    const rollout = await client.find('flag-1');
    const late = await failure(client.rollback(rollout, { by: 'sam', reason: 'bad', waitMs: 1_000 }));
    expect(late.kind).toBe('no-worker');
    expect(late.message).toContain('NOT proven yet');
    workers = await startWorkers(env, { taskQueue: queue, activities: world.activities, cache: true });
    const result = await client.result(rollout);
    expect(result).toMatchObject({ outcome: 'rolled-back', reason: 'bad' });
  });
});

describe('with a worker', () => {
  it('takes a go once, however often the same message is sent', async () => {
    const rollout = await client.start(quickPlan(), { by: 'dana' });
    await untilAsked(rollout);
    const starter = await client.decide(rollout, { decision: 'go', by: 'dana', role: 'release-manager' });
    expect(starter).toMatchObject({ accepted: false });
    const malformed = await failure(client.decide(rollout, { decision: 'go', by: ' ' }));
    expect(malformed.kind).toBe('refused');
    const go = { decision: 'go', by: 'sam', role: 'release-manager' } as const;
    const [once, again] = await Promise.all([client.decide(rollout, go, 'key-1'), client.decide(rollout, go, 'key-1')]);
    expect(once).toEqual(again);
    expect(once.accepted).toBe(true);
    expect(await client.result(rollout)).toMatchObject({ outcome: 'completed', percent: 100 });
    const decisions = (await client.audit(await client.find('flag-2'))).filter(({ kind }) => kind === 'decision');
    expect(decisions).toHaveLength(1);
  });

  it('says what cannot be done to a rollout that completed, and lists it', async () => {
    const rollout = await client.find('flag-2');
    expect(rollout).toMatchObject({ open: false, state: 'completed', percent: 100 });
    expect(await failure(client.pause(rollout, { by: 'sam', reason: 'late' }))).toMatchObject({ kind: 'ended' });
    expect(await client.status(rollout)).toMatchObject({ state: 'completed' });
    const listed = await client.list({ closed: 1 });
    expect(listed.filter(({ open }) => !open)).toHaveLength(1);
  });

  it('reverts what completed: the newest run of the flag, with a plan and an audit of its own', async () => {
    const back = await client.rollback(await client.find('flag-2'), { by: 'sam', reason: 'late' });
    expect(back).toMatchObject({ by: 'revert', answer: { written: true, state: 'proven', percent: 0, by: 'sam' } });
    const run = await client.find('flag-2');
    expect(run).toMatchObject({ kind: 'revert', plan: 'revert', startedBy: 'sam', percent: 0 });
    expect(await client.result(run)).toMatchObject({ outcome: 'rolled-back', reason: 'late' });
    expect((await client.plan(run)).flag).toMatchObject({ store: 'local', environment: 'production', key: 'flag-2' });
    expect((await client.audit(run)).at(-1)).toMatchObject({ kind: 'closed' });
  });

  it('takes back a flag of which Temporal knows no rollout, when told where it is', async () => {
    const rollout = { rollout: rolloutWorkflowId('production', 'flag-forgotten') };
    const who = { by: 'sam', reason: 'old' };
    expect(await failure(client.rollback(rollout, who))).toMatchObject({ kind: 'not-found' });
    const flag = { store: 'local', environment: 'production', key: 'flag-forgotten' };
    const up = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on', targeting: {} };
    const document = world.store.document();
    world.store.replaceDocument({ ...document, flags: { ...document.flags, [flag.key]: up } });
    expect(await client.rollback(rollout, { ...who, flag })).toMatchObject({
      by: 'revert',
      answer: { percent: 0, fence: 1 },
    });
  });

  it('before its start it has nothing to take back: then what an earlier rollout left up is', async () => {
    const plan = quickPlan();
    const first = await client.start(plan, { by: 'dana' });
    await untilAsked(first);
    await client.decide(first, { decision: 'go', by: 'sam', role: 'release-manager' });
    await client.result(first);
    const startAt = new Date(Date.now() + 3_600_000).toISOString();
    const waiting = await client.start(aPlan({ ...plan, startAt }), { by: 'dana' });
    const reply = await client.rollback(waiting, { by: 'sam', reason: 'both' });
    expect(reply).toMatchObject({ by: 'revert', answer: { written: true, state: 'proven', percent: 0 } });
    expect((await world.store.read(plan.flag.key)).percent).toBe(0);
  });

  it('rolls back with a receipt, the same for everybody who asks, and proves it anew ever after', async () => {
    const rollout = await client.start(quickPlan(), { by: 'dana' });
    await untilAsked(rollout);
    const replies = await Promise.all(
      Array.from({ length: 5 }, (_, caller) => client.rollback(rollout, { by: `caller ${caller}`, reason: 'bad' })),
    );
    const first = replies[0]?.answer;
    expect(first).toMatchObject({ written: true, state: 'proven', percent: 0 });
    for (const { answer } of replies) expect(answer).toEqual(first);
    await client.result(rollout);
    expect(await client.rollback(rollout, { by: 'late', reason: 'again' })).toMatchObject({
      by: 'revert',
      answer: { written: true, state: 'proven', percent: 0, by: 'late' },
    });
  });

  it('asks which one when two are open', async () => {
    const [one, two] = [quickPlan(), quickPlan()];
    await client.start(one, { by: 'dana' });
    await client.start({ ...two, flag: { ...two.flag, key: one.flag.key, environment: 'staging' } }, { by: 'dana' });
    const ambiguous = await failure(client.find(one.flag.key));
    expect(ambiguous.kind).toBe('ambiguous');
    expect(ambiguous.message).toContain(`staging/${one.flag.key}`);
    expect(await client.find(`staging/${one.flag.key}`)).toMatchObject({ environment: 'staging' });
    expect(await failure(client.find(null))).toMatchObject({ kind: 'ambiguous' });
  });
});

it('a rollback that the flag store does not take says so, and not that no worker runs', async () => {
  const rollout = await client.start(quickPlan(), { by: 'dana' });
  while ((await client.status(rollout)).percent.observed !== 100) await new Promise((next) => setTimeout(next, 50));
  world.store.breakWith(new AdapterError('flag store local', 'corrupt', 'The document is broken.'));
  onTestFinished(() => world.store.breakWith(null));
  const late = await failure(client.rollback(rollout, { by: 'sam', reason: 'bad', waitMs: 3_000 }));
  expect(late.kind).toBe('unproven');
  expect(late.message).toMatch(/is under way \(needs-a-human\), but is NOT proven yet\. .*The document is broken\./);
  world.store.breakWith(null);
  expect(await client.result(rollout)).toMatchObject({ outcome: 'rolled-back', receipt: { state: 'proven' } });
});

it('a server that takes no more signals is asked to cancel instead, and the flag is back all the same', async () => {
  const strict = await openDevServer({ dynamicConfig: ['history.maximumSignalsPerExecution=2'] });
  onTestFinished(() => strict.stop());
  const there = await openRolloutClient({ ...temporal, address: strict.address });
  onTestFinished(() => there.close());
  const place = await TestWorkflowEnvironment.createFromExistingServer({ address: strict.address });
  onTestFinished(() => place.teardown());
  const elsewhere = aWorld();
  const working = await startWorkers(place, { taskQueue: queue, activities: elsewhere.activities, cache: true });
  onTestFinished(() => working.stop());
  const rollout = await there.start(quickPlan(), { by: 'dana' });
  while ((await there.status(rollout)).percent.observed !== 100) await new Promise((next) => setTimeout(next, 50));
  for (const name of ['one', 'two']) await place.client.workflow.getHandle(rollout.rollout).signal(name);
  const reply = await there.rollback(rollout, { by: 'sam', reason: 'bad' });
  expect(reply).toMatchObject({ by: 'cancel', answer: { written: true, state: 'proven', percent: 0 } });
  expect(elsewhere.store.writes.at(-1)?.percent).toBe(0);
});

describe('a server that does not answer', () => {
  it('is named, with what to do', async () => {
    const nobody = await openLocalServer(() => undefined);
    await nobody.close();
    const address = new URL(nobody.url).host;
    const down = await failure(openRolloutClient({ ...temporal, address }));
    expect(down.kind).toBe('unreachable');
    expect(down.message).toContain(`${address} cannot be reached: connection refused`);
  });

  it('has no such namespace', async () => {
    const elsewhere = await openRolloutClient({ ...temporal, namespace: 'nowhere' });
    const wrong = await failure(elsewhere.list({ closed: 1 }));
    await elsewhere.close();
    expect(wrong.kind).toBe('unreachable');
    expect(wrong.message).toContain('no namespace "nowhere"');
  });

  it('has a profile that is not there', async () => {
    const wrong = await failure(openRolloutClient({ ...temporal, address: null, profile: 'no-such-profile' }));
    expect(wrong.kind).toBe('configuration');
  });
});
