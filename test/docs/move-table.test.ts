/** The page that operators read lists the rows in the order in which they are asked. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { moveRows } from '../../src/core/move.js';

it('the documented order is the order', async () => {
  const page = await readFile(new URL('../../docs/what-moves-a-rollout.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z-]+)`/gm)].map((match) => match[1]);
  expect(rows).toEqual(moveRows);
});
