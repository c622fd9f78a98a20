/** One rollout on real parts that breaks at half of the users; then every panel's query, asked of Prometheus and drawn. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { openMachine } from '../../dist/src/dev/machine.js';
import { loadPlan } from '../../dist/src/plan/load-plan.js';
import { openRolloutClient } from '../../dist/src/rollout-client.js';
import { findTool } from '../../tools/find-tools.mjs';
import { renderPage } from './dashboard-page.mjs';
import { findChromium } from './find-chromium.mjs';
import { inFolder } from './in-folder.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const say = (line) => console.log(line);
/** A day is a few minutes here: rules are evaluated each two seconds, and look back half a minute instead of five. */
const stepSeconds = 2;
const hurried = (text) => text.replaceAll('interval: 30s', `interval: ${stepSeconds}s`).replaceAll('[5m]', '[30s]');
const values = { env: 'production', environment: '.*', service: 'viewer', endpoint: '.*' };

/** @param {{ images: string }} options @returns {Promise<number>} exit code */
export function drawDashboards({ images }) {
  return inFolder({ name: 'draw', images }, async (dir, closers) => {
    const machine = await openMachine({
      dir: join(dir, 'machine'),
      talk: createWriteStream(join(dir, 'worker.log')),
      onProgress: say,
    });
    closers.push(() => machine.close());
    const prometheus = await startPrometheus(dir, machine);
    closers.push(prometheus.close);
    const begunAt = Date.now() / 1_000;
    await playRollout(machine, dir, closers);
    const range = { from: begunAt, to: Date.now() / 1_000, step: stepSeconds };
    await draw({ images, url: prometheus.url, range });
  });
}

/** Beside the machine's own: with the committed rules. */
async function startPrometheus(dir, machine) {
  const folder = join(dir, 'rules');
  await mkdir(folder);
  for (const name of ['reporting.rules.yaml', 'reporting.alerts.yaml', 'holdpoint.alerts.yaml']) {
    const text = await readFile(join(root, 'ops/prometheus', name), 'utf8');
    await writeFile(join(folder, name), hurried(text));
  }
  const { metricsAddress, sdkMetricsAddress } = machine.config.worker;
  const targets = [new URL(machine.ready.target).host, metricsAddress, sdkMetricsAddress];
  const config = {
    global: { scrape_interval: '1s' },
    rule_files: [join(folder, '*.yaml')],
    scrape_configs: [{ job_name: 'all', static_configs: [{ targets }] }],
  };
  await writeFile(join(dir, 'prometheus.yml'), JSON.stringify(config));
  const { path } = await findTool('prometheus', { onProgress: say });
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    path,
    [
      `--config.file=${join(dir, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(dir, 'tsdb')}`,
      `--web.listen-address=${address}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  return {
    url: `http://${address}`,
    close: async () => {
      child.kill();
      await ended;
    },
  };
}

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Healthy for a while, up to half of the users; broken there, and back by itself. */
async function playRollout(machine, dir, closers) {
  const text = await readFile(join(root, 'ops/plans/demo.yaml'), 'utf8');
  const path = join(dir, 'plan.yaml');
  const slow = text
    .replace('deadline: 5m', 'deadline: 20m')
    .replaceAll('hold: 8s', 'hold: 50s')
    .replace('hold: 12s', 'hold: 3m')
    .replace('../slis', join(root, 'ops/slis'));
  await writeFile(path, slow);
  const loaded = await loadPlan(path);
  assert.ok(loaded.ok, JSON.stringify(loaded.problems));
  const client = await openRolloutClient(machine.config.temporal);
  closers.push(() => client.close());
  await sleep(40_000);
  const rollout = await client.start(loaded.plan, { by: 'dana' });
  await until(client, rollout, ({ percent }) => percent.observed === 50);
  say('50 %');
  await sleep(40_000);
  await turnKnobs(machine, { autosaveFailureRatio: 0.4, exportFailureRatio: 0.2, conflictRatio: 0.05 });
  say('the service breaks');
  const result = await client.result(rollout);
  assert.equal(result.outcome, 'rolled-back');
  say('rolled back');
  await turnKnobs(machine, {});
  await sleep(60_000);
}

const turnKnobs = (machine, knobs) =>
  fetch(`${machine.ready.target}/__knobs`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(knobs),
  });

async function until(client, rollout, holds) {
  for (let tries = 0; tries < 600; tries += 1) {
    if (holds(await client.status(rollout))) return;
    await sleep(500);
  }
  throw new Error(`never came so far that ${holds}`);
}

async function draw({ images, url, range }) {
  const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 }, timezoneId: 'UTC' });
    for (const name of ['reporting', 'holdpoint']) {
      const dashboard = JSON.parse(await readFile(join(root, `ops/grafana/${name}.json`), 'utf8'));
      await page.setContent(renderPage(dashboard, await answersTo({ dashboard, url, range }), range));
      await writeFile(join(images, `dashboard-${name}.png`), await page.screenshot({ fullPage: true }));
      say(`dashboard-${name}.png`);
    }
  } finally {
    await browser.close();
  }
}

/** By query text: what Prometheus says of the whole range. */
async function answersTo({ dashboard, url, range }) {
  const queries = [
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...dashboard.annotations.list.map(({ expr }) => expr),
  ];
  const answers = new Map();
  for (const expr of queries) {
    const query = hurried(expr).replaceAll(/\$(\w+)/g, (whole, name) => values[name] ?? whole);
    const search = new URLSearchParams({ query, start: range.from, end: range.to, step: range.step });
    const reply = await (await fetch(`${url}/api/v1/query_range?${search}`)).json();
    assert.equal(reply.status, 'success', JSON.stringify(reply));
    answers.set(expr, reply.data.result);
  }
  return answers;
}
