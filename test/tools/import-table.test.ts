/** The import table is written as lint rules; a rule whose pattern the linter cannot read is silently none. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

it('has no pattern with a lookaround: oxlint’s regular expressions know none', async () => {
  const rules = await readFile(new URL('../../.oxlintrc.json', import.meta.url), 'utf8');
  const patterns = [...rules.matchAll(/"regex": "(.*)"/g)].map(([, pattern]) => pattern);
  expect(patterns.length).toBeGreaterThan(5);
  expect(patterns.filter((pattern) => /\(\?[=!<]/.test(pattern ?? ''))).toEqual([]);
});
