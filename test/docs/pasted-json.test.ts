/** What people paste into Temporal's dialogs is JSON, in the page and in the descriptions the dialogs show. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

it('in docs/temporal-ui.md', async () => {
  const pasted = [...(await read('docs/temporal-ui.md')).matchAll(/`(\{.*?\})`/g)].map((match) => match[1] ?? '');
  expect(pasted.length).toBeGreaterThanOrEqual(8);
  for (const json of pasted) expect(JSON.parse(json), json).toHaveProperty('by');
});

it('at the end of the description of every signal and Update', async () => {
  const source = await read('workflows/handlers.ts');
  const messages = source.slice(0, source.indexOf('function registerQueries'));
  const descriptions = [...messages.matchAll(/description:\s+(["'])(.*)\1,?$/gm)].map((match) => match[2] ?? '');
  expect(descriptions).toHaveLength(13);
  for (const text of descriptions) {
    const json = text.replaceAll("\\'", "'").replace(/^[^{]*/, '');
    expect(Object.keys(JSON.parse(json) as object).length, text).toBeGreaterThan(0);
  }
});
