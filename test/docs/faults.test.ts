/** The page of faults lists the cases that tests play, all of them and no others. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readPage } from '../support/doc-pages.js';

const root = new URL('../../', import.meta.url).pathname;
const page = await readPage('docs/what-can-go-wrong.md');

async function casesTested(): Promise<Set<number>> {
  const files = (await readdir(join(root, 'test'), { recursive: true })).filter((file) => file.endsWith('.ts'));
  const texts = await Promise.all(files.map((file) => readFile(join(root, 'test', file), 'utf8')));
  return new Set(texts.flatMap((text) => [...text.matchAll(/['"`]case (\d+): /g)].map(([, number]) => Number(number))));
}

it('every case that is listed is tested, and every case that is tested is listed, once', async () => {
  const listed = [...page.matchAll(/^\| (\d+) +\|/gm)].map(([, number]) => Number(number));
  const inOrder = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);
  expect(inOrder(listed)).toEqual(inOrder(await casesTested()));
});

it('what always holds is what the checker checks', async () => {
  const checker = await readFile(join(root, 'test/support/invariants.ts'), 'utf8');
  const checked = [...checker.matchAll(/^ {2}'(I\d) (.*)':/gm)].map(([, id, what]) => `${id} ${what}`);
  const listed = [...page.matchAll(/^- \*\*(I\d)\*\* (.*)\.$/gm)].map(([, id, what]) => `${id} ${what}`);
  expect(listed).toEqual(checked);
  expect(listed).toHaveLength(7);
});
