/** What the pages show is there: every command exists, every link leads somewhere. */
import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { runCli } from '../support/cli.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const inDocs = (await readdir(join(root, 'docs'), { recursive: true })).filter((file) => file.endsWith('.md'));
const pages = await Promise.all(
  ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...inDocs.map((file) => join('docs', file))].map(async (name) => ({
    name,
    text: await readFile(join(root, name), 'utf8'),
  })),
);

it.each(pages)('links of $name lead to files', async ({ name, text }) => {
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '');
  for (const link of links) await access(join(root, dirname(name), link));
});

/** `holdpoint <command> …` in code, up to where a shell or a table would end it. */
const shown = pages.flatMap(({ name, text }) =>
  [...text.matchAll(/holdpoint ([a-z][a-z-]*)((?: +(?:--?[a-z-]+|[A-Z]+|[a-z0-9./-]+|"[^"`]*"))*)/g)].flatMap(
    (match) => (isCode(text, match.index) ? [{ page: name, command: match[1] ?? '', rest: match[2] ?? '' }] : []),
  ),
);

/** Inside backticks of its line, or on an indented or fenced line of its own. */
function isCode(text: string, at: number): boolean {
  const lineStart = text.lastIndexOf('\n', at) + 1;
  const before = text.slice(lineStart, at);
  const fences = text.slice(0, at).split('```').length - 1;
  return fences % 2 === 1 || before.split('`').length % 2 === 0;
}

it('there are commands to look at', () => {
  expect(shown.length).toBeGreaterThan(30);
});

it.each(commands.map(({ name }) => name))('holdpoint %s is shown with options that it has', async (command) => {
  const uses = shown.filter((use) => use.command === command);
  const { stdout } = await runCli([command, '--help'], { cwd: root });
  for (const { page, rest } of uses)
    for (const option of rest.match(/--[a-z-]+/g) ?? [])
      expect(stdout, `${page}: ${command} ${option}`).toContain(option);
});

it('no page shows a command that there is not', () => {
  const known = commands.map(({ name }) => name);
  const unknown = shown
    .filter(({ command }) => !known.includes(command))
    .map(({ page, command }) => `${page}: ${command}`);
  expect(unknown).toEqual([]);
});
