/** The rules that come along: what is committed is what the catalogue says, and what promtool and amtool say of it. */
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findTools } from '#tools/find-tools.mjs';
import { checkCatalogue } from '../../src/catalogue/load-catalogue.js';
import { ownAlerts } from '../../src/catalogue/own/own-alerts.js';
import { promqlProblem } from '../../src/catalogue/promql.js';
import { alertRules } from '../../src/catalogue/rules/alert-rules.js';
import { ruleFiles } from '../../src/catalogue/rules/rule-files.js';
import { loadCatalogue } from '../../src/catalogue/load-catalogue.js';
import { tempFolder } from '../support/temp-folder.js';

const folder = 'ops/prometheus';
const [promtool, amtool] = await findTools(['promtool', 'amtool'], { onProgress: (line) => console.error(line) });
const loaded = await loadCatalogue('ops/slis/reporting.yaml');
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
const { catalogue } = loaded;

interface Group {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly Record<string, unknown>[];
}
const groupsIn = async (file: string): Promise<readonly Group[]> =>
  (parse(await readFile(join(folder, file), 'utf8')) as { groups: Group[] }).groups;

const run = (path: string | undefined, args: readonly string[]): Promise<{ code: number; said: string }> =>
  new Promise((resolve) => {
    execFile(path ?? '', args, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: `${stdout}${stderr}` }),
    );
  });

describe('committed', () => {
  it.each(ruleFiles(catalogue, 'ops/slis/reporting.yaml'))(
    '$path is what the catalogue says',
    async ({ path, text }) => {
      await expect(text).toMatchFileSnapshot(join('../..', folder, path));
    },
  );

  it('five groups, each half minute, with names that say their labels', async () => {
    const groups = await groupsIn('reporting.rules.yaml');
    expect(groups.map(({ name }) => name).toSorted()).toEqual(['api', 'autosave', 'network', 'operations', 'slo']);
    expect(new Set(groups.map(({ interval }) => interval))).toEqual(new Set(['30s']));
    const names = groups.flatMap(({ rules }) => rules.map(({ record }) => String(record)));
    const short = names.filter((name) => !/^env_service[a-z_]*:[a-z0-9_]+:[a-z0-9_]+$/.test(name));
    expect(short.toSorted()).toEqual([
      'api_error_rate:5m',
      'api_latency:p50',
      'api_latency:p95',
      'api_latency:p99',
      'autosave_error_budget_burn:5m',
      'autosave_latency:p50',
      'autosave_latency:p95',
      'autosave_latency:p99',
      'autosave_success_rate:5m',
      'export_error_rate:5m',
      'network_offline_rate:5m',
      'report_finalize_rate:5m',
      'report_sign_rate:5m',
      'version_conflict_rate:5m',
    ]);
  });

  it('every alert says how bad it is, what to read and where to look', async () => {
    const alerts = [...(await groupsIn('reporting.alerts.yaml')), ...(await groupsIn('holdpoint.alerts.yaml'))].flatMap(
      ({ rules }) => rules,
    );
    expect(alerts.length).toBeGreaterThan(20);
    for (const { alert, expr, labels, annotations } of alerts) {
      expect([alert, promqlProblem(String(expr))]).toEqual([alert, null]);
      expect([alert, labels]).toEqual([
        alert,
        expect.objectContaining({ severity: expect.stringMatching(/^(page|ticket)$/) as string }),
      ]);
      const kebab = String(alert)
        .replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter}`)
        .toLowerCase();
      expect([alert, annotations]).toEqual([
        alert,
        expect.objectContaining({
          summary: expect.any(String) as string,
          runbook_url: `https://holdpoint.example.com/docs/runbooks/${kebab}.md`,
          dashboard_url: expect.stringMatching(
            /^https:\/\/grafana\.example\.com\/d\/(reporting-viewer|holdpoint)/,
          ) as string,
        }),
      ]);
    }
  });

  it('every alert fires in a test', async () => {
    const files = (await readdir(folder)).filter((file) => file.endsWith('tests.yaml'));
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    const fired = new Set(
      texts.flatMap((text) => {
        const { tests } = parse(text) as { tests: { promql_expr_test?: Check[]; alert_rule_test?: AlertCheck[] }[] };
        return tests.flatMap(({ promql_expr_test: checks = [], alert_rule_test: alerts = [] }) => [
          ...checks
            .filter(({ exp_samples: samples }) => samples.length > 0)
            .flatMap(({ expr }) => /alertname="(\w+)"/.exec(expr)?.[1] ?? []),
          ...alerts.filter(({ exp_alerts: expected }) => expected.length > 0).map(({ alertname }) => alertname),
        ]);
      }),
    );
    const names = [...alertRules(catalogue).map(({ alert }) => alert), ...ownAlerts.map(({ name }) => name)];
    expect(names.filter((name) => !fired.has(name))).toEqual([]);
  });
});

interface Check {
  readonly expr: string;
  readonly exp_samples: readonly object[];
}
interface AlertCheck {
  readonly alertname: string;
  readonly exp_alerts: readonly object[];
}

describe('promtool', () => {
  it('takes rules and alerts', async () => {
    const files = (await readdir(folder)).filter((file) => /\.(rules|alerts)\.yaml$/.test(file));
    const { code, said } = await run(promtool?.path, ['check', 'rules', ...files.map((file) => join(folder, file))]);
    expect([code, said]).toEqual([0, expect.not.stringContaining('FAILED') as string]);
  });

  it('sees every test pass', async () => {
    const files = (await readdir(folder)).filter((file) => file.endsWith('tests.yaml'));
    expect(files.toSorted()).toEqual(['holdpoint.tests.yaml', 'reporting.long-tests.yaml', 'reporting.tests.yaml']);
    const ran = await Promise.all(files.map((file) => run(promtool?.path, ['test', 'rules', join(folder, file)])));
    expect(ran).toEqual(files.map(() => ({ code: 0, said: expect.stringContaining('SUCCESS') as string })));
  });
});

/** One SLI of each kind with alerts, small enough to be run often. */
const small = `apiVersion: holdpoint/v1
kind: SliCatalogue
service: viewer
labels: [env, service]
slis:
  saves:
    kind: ratio
    events: saves_total
    bad: { outcome: failure }
    objective: 0.99
    alerts:
      - { name: SavesLow, minEvents: 50, severity: page }
      - { name: SavesMissing, missing: 6h, severity: page }
  burn:
    kind: burn-rate
    of: saves
    windows: [5m, 1h]
    alerts: [{ name: Burns, above: 14.4, windows: [1h, 5m], minEvents: 50, severity: page }]
  wait:
    kind: quantile
    histogram: wait_seconds
    quantile: 0.9
    objective: 800ms
    alerts: [{ name: WaitHigh, minEvents: 50, severity: page }]
`;

/** What the generated tests say of changed rules. */
async function testChanged(change: (text: string) => string): Promise<{ changed: boolean; failed: boolean }> {
  const checked = checkCatalogue(small, 'small.yaml');
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  const home = await tempFolder();
  let changed = 0;
  for (const { path, text } of ruleFiles(checked.catalogue, 'small.yaml')) {
    const now = path.endsWith('tests.yaml') ? text : change(text);
    if (now !== text) changed += 1;
    await writeFile(join(home, path), now);
  }
  const { code } = await run(promtool?.path, ['test', 'rules', join(home, 'small.tests.yaml')]);
  return { changed: changed > 0, failed: code !== 0 };
}

describe('generated tests', () => {
  it('pass on what they were made with', async () => {
    expect(await testChanged((text) => text)).toEqual({ changed: false, failed: false });
  });

  it.each<[what: string, from: string | RegExp, to: string]>([
    ['no failure yet that is no number', / or 0 \* env_service:saves_events:rate5m/g, ''],
    ['no traffic that is a number', '(env_service:saves_events:rate5m > 0)', 'env_service:saves_events:rate5m'],
    ['quantiles without traffic', / and env_service:wait_seconds_count:rate5m > 0/g, ''],
    [
      'a counter that is no rate',
      'rate(saves_total{service="viewer"}[5m])',
      'deriv(saves_total{service="viewer"}[5m])',
    ],
    ["another service's events", 'saves_total{service="viewer"}', 'saves_total{service="other"}'],
    ['good taken for bad', '1 - env_service:saves_bad:rate5m', 'env_service:saves_bad:rate5m'],
    ['a limit on the wrong side', ':ratio_rate5m < 0.99', ':ratio_rate5m > 0.99'],
    [
      'a few failures that page',
      /env_service:saves_events:rate5m \* 300 >= 50/g,
      'env_service:saves_events:rate5m >= 0',
    ],
    ['a long window without its short one', /env_service:burn:burnrate5m > 14.4 and /g, ''],
    ['a target that may be gone', ' unless env_service:saves_events:rate5m', ' unless vector(1) > 0'],
    ['an alert that hurries', 'for: 5m', 'for: 50m'],
  ])('notice %s', async (_, from, to) => {
    expect(await testChanged((text) => text.replaceAll(from, to))).toEqual({ changed: true, failed: true });
  });
});

describe('amtool', () => {
  const config = 'ops/alertmanager/alertmanager.yml';

  it('takes the configuration', async () => {
    expect(await run(amtool?.path, ['check-config', config])).toEqual({
      code: 0,
      said: expect.stringContaining('SUCCESS') as string,
    });
  });

  it.each([
    ['page', 'pager'],
    ['ticket', 'tickets'],
  ])('sends a %s to the %s', async (severity, receiver) => {
    const { said } = await run(amtool?.path, [
      'config',
      'routes',
      'test',
      '--config.file',
      config,
      `severity=${severity}`,
    ]);
    expect(said.split('\n')[0]).toBe(receiver);
  });
});
