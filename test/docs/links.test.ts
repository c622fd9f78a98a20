/** Every link of the pages leads to a file that exists, and to a heading of it. */
import { access } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';
import { docRoot, readPage, readPages, withoutFences } from '../support/doc-pages.js';

const pages = await readPages();

const linksOf = (text: string): string[] =>
  [...withoutFences(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((link) => !/^https?:/.test(link));

/** As a code host makes it from a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

const anchorsOf = (text: string): string[] =>
  [...withoutFences(text).matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1] ?? ''));

it('there are links to follow', () => {
  expect(pages.flatMap(({ text }) => linksOf(text)).length).toBeGreaterThan(40);
});

it.each(pages)('$name', async ({ name, text }) => {
  for (const link of linksOf(text)) {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? name : normalize(join(dirname(name), path));
    await access(join(docRoot, target));
    if (anchor !== undefined) expect(anchorsOf(await readPage(target)), `${name}: ${link}`).toContain(anchor);
  }
});

it('every page can be reached from the README', async () => {
  const reached = new Set(['README.md']);
  for (const name of reached) {
    if (!name.endsWith('.md')) continue;
    const linked = linksOf(await readPage(name)).map((link) =>
      normalize(join(dirname(name), link.split('#')[0] ?? '')).replace(/\/$/, ''),
    );
    for (const target of linked) if (target.endsWith('.md')) reached.add(target);
  }
  // The README links to the folder of decisions as a whole.
  const lost = pages.filter(({ name }) => !reached.has(name) && !name.startsWith('docs/decisions/'));
  expect(lost.map(({ name }) => name)).toEqual([]);
});
