/** Every YAML example of the pages is what it says it is: plan, catalogue, suite or configuration. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkSmokeSuite } from '../../src/adapters/smoke/load-smoke-suite.js';
import { checkCatalogue } from '../../src/catalogue/load-catalogue.js';
import { planAgainstConfig } from '../../src/cli/open-plan.js';
import { loadConfig } from '../../src/config.js';
import { renderProblem, type Problem } from '../../src/documents/problem.js';
import { loadPlan } from '../../src/plan/load-plan.js';
import { fencesOf, readPages } from '../support/doc-pages.js';
import { tempFolder } from '../support/temp-folder.js';

const examples = (await readPages()).flatMap(({ name: page, text }) =>
  fencesOf(text)
    .filter(({ language }) => language === 'yaml')
    .map(({ body }, index) => ({ page, body, file: /^# (\S+)\n/.exec(body)?.[1] ?? `example-${index}.yaml` })),
);
const secret = `whsec_${'c2VjcmV0'.repeat(4)}`;
const env = {
  PROMETHEUS_TOKEN: 'token',
  WEBHOOK_SECRET: secret,
  STATUS_SECRET: secret,
  SLACK_TOKEN: 'token',
  SMTP_PASSWORD: 'password',
  UNLEASH_TOKEN: 'token',
  FLAGS_TOKEN: 'token',
  CDN_TOKEN: 'token',
};

const problemsOf = (loaded: { readonly ok: true } | { readonly ok: false; readonly problems: readonly Problem[] }) =>
  loaded.ok ? [] : loaded.problems.map(renderProblem);

const kindOf = (body: string): string => /^kind: (\w+)/m.exec(body)?.[1] ?? 'Config';

/** A plan's warnings count, too: an example has none. */
async function problemsIn(path: string, body: string): Promise<string[]> {
  switch (kindOf(body)) {
    case 'RolloutPlan': {
      const loaded = await loadPlan(path);
      return (loaded.ok ? loaded.warnings : loaded.problems).map(renderProblem);
    }
    case 'SliCatalogue':
      return problemsOf(checkCatalogue(body, path));
    case 'SmokeSuite':
      return problemsOf(checkSmokeSuite(body, path));
    default:
      return problemsOf(await loadConfig(path, env));
  }
}

it('there are examples of every kind', () => {
  const kinds = new Set(examples.map(({ body }) => kindOf(body)));
  expect([...kinds].sort()).toEqual(['Config', 'RolloutPlan', 'SliCatalogue', 'SmokeSuite']);
});

it.each(examples)('$page: $file', async ({ page, body, file }) => {
  const folder = await tempFolder();
  // Examples of one page that name themselves stand beside each other, as they would on a reader's disk.
  for (const one of examples.filter((other) => other.page === page)) await writeFile(join(folder, one.file), one.body);
  const path = join(folder, file);
  expect(await problemsIn(path, body)).toEqual([]);
});

it("the README's plan names what its configuration has", async () => {
  const folder = await tempFolder();
  for (const { page, file, body } of examples) if (page === 'README.md') await writeFile(join(folder, file), body);
  const [plan, config] = await Promise.all([
    loadPlan(join(folder, 'new-checkout.yaml')),
    loadConfig(join(folder, 'holdpoint.config.yaml'), env),
  ]);
  if (!plan.ok || !config.ok) throw new Error('the examples do not load');
  expect(plan.ids.length).toBeGreaterThan(0);
  expect((await planAgainstConfig(plan, config.config)).map(renderProblem)).toEqual([]);
});
