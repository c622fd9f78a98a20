/** Three rollouts on real parts, decided and taken back from Temporal's own UI. */
import assert from 'node:assert/strict';
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { openMachine } from '../../dist/src/dev/machine.js';
import { loadPlan } from '../../dist/src/plan/load-plan.js';
import { openRolloutClient } from '../../dist/src/rollout-client.js';
import { findChromium } from './find-chromium.mjs';
import { inFolder } from './in-folder.mjs';
import { openTemporalUi } from './temporal-ui-page.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const say = (line) => console.log(line);

/** @param {{ images: string | null }} options @returns {Promise<number>} exit code */
export function showTemporalUi({ images }) {
  return inFolder({ name: 'ui', images }, async (dir, closers) => play(await openScene(dir, images, closers)));
}

async function openScene(dir, images, closers) {
  const executablePath = await findChromium();
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  closers.push(() => browser.close());
  const talk = createWriteStream(join(dir, 'worker.log'));
  const machine = await openMachine({ dir: join(dir, 'machine'), talk, onProgress: say });
  closers.push(() => machine.close());
  const client = await openRolloutClient(machine.config.temporal);
  closers.push(() => client.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 1400 }, timezoneId: 'UTC' });
  page.setDefaultTimeout(20_000);
  const ui = openTemporalUi(page, machine.ready.temporalUi, machine.ready.namespace);
  const keep = (name, picture) =>
    images === null ? undefined : writeFile(join(images, `temporal-ui-${name}.png`), picture);
  return { client, ui, page, keep, machine, plan: await loadSlowPlan(dir) };
}

/** The demo's plan, with time for people at a hold point. */
async function loadSlowPlan(dir) {
  const text = await readFile(join(root, 'ops/plans/demo.yaml'), 'utf8');
  const path = join(dir, 'plan.yaml');
  const slow = text
    .replace('deadline: 5m', 'deadline: 2h')
    .replace('deadline: 1m', 'deadline: 30m')
    .replace('../slis', join(root, 'ops/slis'));
  await writeFile(path, slow);
  const loaded = await loadPlan(path);
  assert.ok(loaded.ok, JSON.stringify(loaded.problems));
  return loaded.plan;
}

async function play(scene) {
  await goAndRollback(scene);
  await noGo(scene);
  await cancellation(scene);
  await revert(scene);
}

async function begin({ client, plan, ui }, tab) {
  const rollout = await client.start(plan, { by: 'dana' });
  await ui.openRollout(rollout.rollout, rollout.runId, tab);
  return rollout;
}

async function until({ client }, rollout, holds) {
  for (let tries = 0; tries < 240; tries += 1) {
    const status = await client.status(rollout);
    if (holds(status)) return status;
    await sleep(500);
  }
  throw new Error(
    `${rollout.rollout} never came so far that ${holds}: ${JSON.stringify(await client.status(rollout))}`,
  );
}

const isAsking = ({ state, asked }) => state === 'asking' && asked !== null;

async function goAndRollback(scene) {
  const { client, ui, page, keep } = scene;
  const rollout = await begin(scene, 'user-metadata');
  const { stage } = await until(scene, rollout, isAsking);
  await page.reload();
  await ui.untilCardSays('To answer:');
  for (const kind of ['signal', 'update']) for (const line of await ui.offered(kind)) say(`${kind} ${line}`);
  await ui.send('signal', 'go', JSON.stringify({ by: 'dana', role: 'sre', stage }));
  await until(scene, rollout, ({ refused }) => refused?.by === 'dana');
  await page.reload();
  await ui.untilCardSays('The last message was refused');
  say('go by the starter: refused, and the card says why');
  const data = (await ui.cardText()).match(/\{[^}]*"role": "release-manager"[^}]*\}/)?.[0];
  assert.ok(data, 'The card has no data to paste.');
  await keep('dialog', await ui.send('signal', 'go', data.replace('your name', 'mira')));
  const { asked } = await until(scene, rollout, (status) => status.asked?.decisions.length === 1);
  assert.equal(asked.decisions[0].by, 'mira');
  await page.reload();
  await ui.untilCardSays('mira as release-manager');
  await keep('card', await pictureOf(page, page.locator('iframe').last()));
  await ui.openList(['RolloutFlag', 'RolloutState', 'RolloutPercent']);
  await page.getByText('asking').waitFor();
  await keep('list', await page.screenshot({ clip: { x: 256, y: 60, width: 1024, height: 260 } }));
  await ui.openRollout(rollout.rollout, rollout.runId, 'user-metadata');
  await ui.send('update', 'decide', JSON.stringify({ decision: 'go', by: 'tomas', role: 'sre', stage }));
  await until(scene, rollout, ({ percent }) => percent.observed === 100);
  say('go by mira and decide by tomas: 100 %');
  await ui.send('signal', 'rollback', JSON.stringify({ by: 'ola', reason: 'support calls' }));
  const result = await client.result(rollout);
  assert.deepEqual([result.outcome, result.percent, result.receipt.by], ['rolled-back', 0, 'ola']);
  await ui.openRollout(rollout.rollout, rollout.runId, 'user-metadata');
  await ui.untilCardSays('Rollback: proven at 0 %');
  await ui.openRollout(rollout.rollout, rollout.runId, 'timeline');
  await page.getByText('writeSafeState').first().waitFor();
  await keep('timeline', await page.screenshot({ clip: { x: 256, y: 700, width: 1024, height: 660 } }));
  say('rollback by ola: 0 %, proven');
}

/** Its upper part: pictures in the docs are small. */
async function pictureOf(page, locator) {
  const { x, y, width } = await locator.boundingBox();
  return page.screenshot({ clip: { x, y, width, height: Math.min(page.viewportSize().height - y, 970) } });
}

async function noGo(scene) {
  const rollout = await begin(scene, 'user-metadata');
  const { stage } = await until(scene, rollout, isAsking);
  await scene.ui.send('signal', 'noGo', JSON.stringify({ by: 'tomas', role: 'sre', stage, reason: 'queue grows' }));
  const result = await scene.client.result(rollout);
  assert.deepEqual([result.outcome, result.percent], ['rolled-back', 0]);
  assert.match(result.reason, /tomas said no-go as sre: queue grows/);
  say('noGo by tomas: 0 %, as the plan says');
}

async function cancellation(scene) {
  const rollout = await begin(scene, 'timeline');
  await until(scene, rollout, ({ percent }) => percent.observed === 10);
  await scene.ui.requestCancellation();
  const result = await scene.client.result(rollout);
  assert.deepEqual([result.outcome, result.percent], ['rolled-back', 0]);
  say('Request Cancellation: 0 %, and the rollout completes');
}

/** No rollout is open any more: the form that starts a workflow is the way back. */
async function revert({ client, plan, ui, page, machine }) {
  const { store, environment, key } = plan.flag;
  const workflowId = `rollout/${environment}/${key}`;
  const before = await client.find(key);
  const data = JSON.stringify({ store, key, by: 'ola', reason: 'found later' });
  await ui.start({ workflowId, taskQueue: machine.config.temporal.taskQueue, type: 'revert', data });
  const run = await untilAnother({ client }, key, before);
  const result = await client.result(run);
  assert.deepEqual([result.outcome, result.receipt.by, result.receipt.state], ['rolled-back', 'ola', 'proven']);
  await ui.openRollout(run.rollout, run.runId, 'user-metadata');
  await ui.untilCardSays('Rollback: proven at 0 %');
  await page.getByText('revert').first().waitFor();
  say('revert by ola from the form: 0 %, proven');
}

async function untilAnother({ client }, key, before) {
  for (let tries = 0; tries < 60; tries += 1) {
    const found = await client.find(key);
    if (found.runId !== before.runId && !found.open) return found;
    await sleep(500);
  }
  throw new Error('The form started nothing.');
}
