/** Alerts, rules and runbooks belong together; every query and every command in them is one. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadCatalogue } from '../../src/catalogue/load-catalogue.js';
import { promqlProblem } from '../../src/catalogue/promql.js';
import { alertBlocks } from '../../src/catalogue/runbooks/alert-block.js';
import { replaceBlock } from '../../src/catalogue/runbooks/marked-block.js';
import { commandCenterPage, runbookPages, runbookSections } from '../../src/catalogue/runbooks/runbook-pages.js';
import { loadPlan } from '../../src/plan/load-plan.js';
import { docRoot, fencesOf, readPage, readPages } from '../support/doc-pages.js';

const folder = 'docs/runbooks';
const [loaded, plan] = await Promise.all([loadCatalogue('ops/slis/reporting.yaml'), loadPlan('ops/plans/day0.yaml')]);
if (!loaded.ok || !plan.ok) throw new Error('catalogue or plan does not load');
const { catalogue } = loaded;
const alerts = alertBlocks(catalogue);
const files = (await readdir(join(docRoot, folder))).sort();
const pages = (await readPages()).filter(({ name }) => name.startsWith(`${folder}/`));

interface RuleFile {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert?: string; readonly annotations?: { readonly runbook_url?: string } }[];
  }[];
}

async function committedAlerts() {
  const names = ['reporting.alerts.yaml', 'holdpoint.alerts.yaml'];
  const texts = await Promise.all(names.map((name) => readFile(join(docRoot, 'ops/prometheus', name), 'utf8')));
  return texts.flatMap((text) => (parse(text) as RuleFile).groups.flatMap(({ rules }) => rules));
}

it('one page for each alert, and no page for an alert that is gone', () => {
  expect(files).toEqual([...new Set([...alerts.map(({ page }) => page), commandCenterPage, 'on-call.md'])].sort());
});

it('each committed rule leads to the page that is called like its alert', async () => {
  const rules = await committedAlerts();
  expect(rules.length).toBeGreaterThanOrEqual(alerts.length);
  for (const { alert = '', annotations } of rules) {
    const file = annotations?.runbook_url?.split('/').at(-1) ?? 'no runbook';
    expect(await readPage(join(folder, file))).toMatch(new RegExp(`^# ${alert}\n`));
  }
});

describe.each(alerts)('$page', ({ page }) => {
  it('has its sections in the fixed order, each with words of its own', async () => {
    const text = await readPage(join(folder, page));
    const sections = text.split(/^## /m).slice(1);
    expect(sections.map((section) => section.split('\n')[0])).toEqual([...runbookSections]);
    for (const section of sections) expect(section.split('\n').slice(1).join('').trim().length).toBeGreaterThan(20);
    expect(text).not.toContain('Nobody has written this yet');
  });
});

it('what is made in them is what catalogue and plan say now', async () => {
  const made = await runbookPages({ catalogue, plan: plan.plan, read: (path) => readPage(join(folder, path)) });
  if (!made.ok) throw new Error(`${made.path} has no ${made.block}`);
  expect(made.pages).toHaveLength(alerts.length + 1);
  for (const { path, text } of made.pages) expect(text, path).toBe(await readPage(join(folder, path)));
});

it('every query parses', () => {
  const queries = pages.flatMap(({ text }) => fencesOf(text).filter(({ language }) => language === 'promql'));
  expect(queries.length).toBeGreaterThan(2 * alerts.length);
  expect(queries.map(({ body }) => promqlProblem(body.trim())).filter((problem) => problem !== null)).toEqual([]);
});

const run = promisify(execFile);
/** What Holdpoint's own commands say is tried on the real program, with those of all other pages. */
const programs: Readonly<Record<string, RegExp>> = {
  holdpoint: /^[a-z-]+/,
  kubectl: /^--namespace \S+ (get|describe|logs|top|scale|rollout (history|undo)) /,
  mongosh: /^"\$MONGO_URL" --quiet --eval '(db|rs)\.[^']+'$/,
  temporal: /^worker deployment describe /,
};

it('every command is one that a shell reads, of a program that is known here', async () => {
  const blocks = (await readPages()).flatMap(({ name, text }) =>
    fencesOf(text).flatMap(({ language, body }) => (language === 'sh' ? [{ name, body }] : [])),
  );
  const trouble = await Promise.all(
    blocks.map(({ name, body }) =>
      run('bash', ['-n', '-c', body]).then(
        () => null,
        (error: Error) => `${name}: ${error.message}`,
      ),
    ),
  );
  expect(trouble.filter((one) => one !== null)).toEqual([]);
  const lines = blocks
    .filter(({ name }) => name.startsWith(`${folder}/`))
    .flatMap(({ body }) => body.trim().split('\n'));
  expect(lines.length).toBeGreaterThan(50);
  for (const line of lines) {
    const [, program = '', rest = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
    expect(rest, line).toMatch(programs[program] ?? /a known program/);
  }
});

it("commands about Holdpoint's own pods ask where those run", async () => {
  const manifest = parse(await readPage('ops/kubernetes/namespace.yaml')) as { metadata: { name: string } };
  const lines = pages
    .flatMap(({ text }) => fencesOf(text).flatMap(({ body }) => body.split('\n')))
    .filter((line) => line.includes('name=holdpoint'));
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(line).toContain(`kubectl --namespace ${manifest.metadata.name} `);
});

it('what is in no place, or in two, is not written over', () => {
  const made = '<!-- a: made by `holdpoint rules runbooks`, do not edit here -->';
  expect(replaceBlock('no mark', 'a', 'x')).toBeNull();
  expect(replaceBlock(`${made} and no end`, 'a', 'x')).toBeNull();
  expect(replaceBlock(`${made}<!-- end of a -->${made}<!-- end of a -->`, 'a', 'x')).toBeNull();
  const page = `before ${made} old <!-- end of a --> after`;
  expect(replaceBlock(page, 'a', 'new')).toBe(`before ${made}\n\nnew\n\n<!-- end of a --> after`);
});
