/** The demo's page in a real browser while its flag moves: answer, percent and crowd change without a reload, and everybody can read them. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { openFileFlagStore } from '../../dist/src/adapters/flags/file-flag-store.js';
import { openTarget } from '../../dist/src/demo/target/target-service.js';
import { lowestContrast } from './contrast.mjs';
import { findChromium } from './find-chromium.mjs';
import { inFolder } from './in-folder.mjs';

const key = 'reporting-unified';
const say = (line) => console.log(line);

/** @param {{ images: string | null }} options @returns {Promise<number>} exit code */
export function showFlagPage({ images }) {
  return inFolder({ name: 'page', images }, async (dir, closers) => play(await openScene(dir, images, closers)));
}

async function openScene(dir, images, closers) {
  const flagsPath = join(dir, 'flags.json');
  /** `running` is another one after a restart. */
  const service = { running: await openService(flagsPath, 0) };
  closers.push(() => service.running.close());
  const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox'] });
  closers.push(() => browser.close());
  return { browser, service, flagsPath, images, rollout: await openRollout(flagsPath) };
}

const openService = (flagsPath, port) =>
  openTarget({
    flagsPath,
    flagKey: key,
    port,
    environment: 'production',
    service: 'viewer',
    onChange: () => {},
    onProblem: () => {},
  });

/** The flag of the real store, moved as a rollout moves it. */
async function openRollout(path) {
  const store = openFileFlagStore({ id: 'local', path, onTrouble: console.error });
  const who = { key, owner: 'rollout/production/reporting-unified@demo', by: 'dana', reason: 'a look at the page' };
  const written = (outcome) => {
    assert.equal(outcome.kind, 'written', JSON.stringify(outcome));
    held = outcome.record;
  };
  let held = null;
  written(await store.claim({ ...who, replaces: null, safeState: { percent: 0, set: {} } }));
  return {
    flip: async (percent) =>
      written(await store.flip({ ...who, percent, fence: held.fence, expectedRevision: held.revision })),
    rollBack: async () =>
      written(
        await store.writeSafeState({
          ...who,
          fence: held.fence,
          asked: 'automatic',
          safeState: { percent: 0, set: {} },
        }),
      ),
  };
}

async function play(scene) {
  await arrives(scene);
  await withoutScript(scene);
}

/** Nobody leaves on the way up; at 0 nobody is in. */
async function arrives({ browser, service, flagsPath, images, rollout }) {
  const page = await openPage(browser, service.running.url);
  let before = [];
  for (const percent of [10, 25, 50, 100]) {
    const tookMs = await untilShown(page, percent, () => rollout.flip(percent));
    const inside = await insideOf(page);
    assert.ok(
      before.every((at) => inside.includes(at)),
      `somebody left on the way to ${percent} %`,
    );
    before = inside;
    say(
      `${percent} %: ${inside.length} of 400 users are in; the page shows it ${tookMs} ms after the flip was asked for`,
    );
    if (percent === 25) {
      await isReadable(page);
      if (images !== null) await page.screenshot({ path: join(images, 'flag-page.png') });
    }
  }
  assert.equal(await page.locator('#gets').textContent(), 'The new unified reporting is on.');
  say(`rolled back: the page shows it ${await untilShown(page, 0, rollout.rollBack)} ms later`);
  assert.deepEqual(await insideOf(page), []);
  assert.equal(await page.title(), 'Reporting');
  await comesBack(page, { service, flagsPath, rollout });
  assert.equal(await page.evaluate('window.loadedOnce'), true, 'the page was loaded again');
  assert.deepEqual(page.complaints, []);
}

async function openPage(browser, url) {
  const page = await browser.newPage({ viewport: { width: 800, height: 640 } });
  page.setDefaultTimeout(20_000);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // What the browser says of a server that is gone is meant to be so.
    if (message.type() === 'error' && !message.text().includes('net::ERR_')) complaints.push(message.text());
  });
  await page.goto(`${url}/?user=user-0001`);
  await page.evaluate('window.loadedOnce = true');
  return Object.assign(page, { complaints });
}

/** The service dies, the flag moves meanwhile, another one takes its port: the page catches up by itself. */
async function comesBack(page, { service, flagsPath, rollout }) {
  const { port } = new URL(service.running.url);
  await service.running.close();
  await rollout.flip(50);
  service.running = await openService(flagsPath, Number(port));
  say(`the service was restarted at 50 %: the page shows it after ${await untilShown(page, 50, () => undefined)} ms`);
}

async function untilShown(page, percent, move) {
  const begunAt = performance.now();
  await move();
  await page.waitForFunction(
    ([text, crowd]) =>
      document.getElementById('percent').textContent === text &&
      document.querySelectorAll('#crowd i.in').length > 0 === crowd,
    [`${percent} %`, percent > 0],
  );
  return Math.round(performance.now() - begunAt);
}

const insideOf = (page) =>
  page.$$eval('#crowd i', (dots) => dots.flatMap((dot, at) => (dot.className === 'in' ? [at] : [])));

async function isReadable(page) {
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme });
    const { ratio, text } = await lowestContrast(page);
    assert.ok(ratio >= 4.5, `${colorScheme}: "${text}" has a contrast of ${ratio}`);
    say(`${colorScheme}: the lowest contrast of a text is ${ratio} ("${text}")`);
  }
  const inside = (await insideOf(page)).length;
  await page.getByRole('img', { name: `${inside} of 400 users get it` }).waitFor();
  // A screen reader says what changed, and a name is there for each thing to fill in or press.
  await page.getByRole('status').getByText('25 % of users').waitFor();
  await page.getByRole('progressbar', { name: '25 %' }).waitFor();
  await page.getByRole('textbox', { name: 'Look as another user' }).focus();
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Look' }).and(page.locator(':focus')).waitFor();
}

async function withoutScript({ browser, service }) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${service.running.url}/?user=user-0001`);
  assert.equal(await page.locator('#percent').textContent(), '50 %');
  assert.equal(await page.locator('#people').isVisible(), false);
  say('without a script the page says the same, once');
  await context.close();
}
