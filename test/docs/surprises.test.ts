/** The page of scenarios says what the tests' titles say, all of it and nothing else. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { docRoot, readPage } from '../support/doc-pages.js';

const folder = join(docRoot, 'test', 'peers');
const page = await readPage('docs/what-surprised-others.md');

/** `file | number | where from | what Holdpoint does` of each test. */
async function tested(): Promise<string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.test.ts'));
  const rows = await Promise.all(
    files.map(async (file) => {
      const source = await readFile(join(folder, file), 'utf8');
      const titles = [...source.matchAll(/^ *it\((['"])(.+)\1, (?:async )?\(/gm)].map(([, , title = '']) => title);
      expect(titles.length, file).toBe([...source.matchAll(/^ *it\b/gm)].length);
      return titles.map((title) => {
        const [, number, from, does] =
          /^peer (\d+) \((.+?)\): (.+)$/.exec(title) ?? /^()(\S+\/\S+#\d+): (.+)$/.exec(title) ?? [];
        return [file, number, from, does].join(' | ');
      });
    }),
  );
  return rows.flat();
}

/** The rows under each heading that links to a file. */
function shown(): string[] {
  return page.split(/^## /m).flatMap((section) => {
    const file = /\(\.\.\/test\/peers\/([a-z-]+\.test\.ts)\)/.exec(section)?.[1];
    if (file === undefined) return [];
    return [...section.matchAll(/^\| (?:(\d+) +\| )?(.+?) +\| (.+?) +\|$/gm)]
      .filter(([, , from = '']) => from !== 'reported' && !/^(-+|scenario|#)/.test(from))
      .map(([, number = '', from = '', does = '']) => {
        const bare = from.replace(/^\[(.+)\]\(.+\)$/, '$1');
        return [file, number, bare, does].join(' | ');
      });
  });
}

it('every scenario, in the words of its test', async () => {
  const [inTests, onPage] = [await tested(), shown()];
  expect(new Set(onPage)).toEqual(new Set(inTests));
  expect(onPage).toHaveLength(inTests.length);
});

it('every number from 1 to 64 once', () => {
  const numbers = shown().flatMap((row) => Number(row.split(' | ')[1]) || []);
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, index) => index + 1));
});
