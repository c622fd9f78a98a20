/** Every `holdpoint …` that a page shows is a command that exists, with arguments and options that it takes. */
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { exitCode } from '../../src/cli/exit-code.js';
import type { Terminal } from '../../src/cli/terminal.js';
import { codeSpansOf, fencesOf, readPage, readPages } from '../support/doc-pages.js';

interface Shown {
  readonly page: string;
  readonly command: string;
  readonly rest: string;
}

const call = /^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:npx )?holdpoint ([a-z][a-z-]*)(?= |$)(.*)$/;

const shown = (await readPages()).flatMap(({ name, text }): Shown[] =>
  [...codeSpansOf(text), ...fencesOf(text).flatMap(({ body }) => body.split('\n'))].flatMap((line) => {
    const [, command, rest = ''] = call.exec(line.trim()) ?? [];
    return command === undefined ? [] : [{ page: name, command, rest: rest.replace(/ #.*/, '').trim() }];
  }),
);

const wordsOf = (rest: string): string[] =>
  [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');

/** Throws what a shell would be told. */
async function parse(command: string, words: readonly string[]): Promise<void> {
  const entry = commands.find(({ name }) => name === command);
  if (entry === undefined) throw new Error(`there is no command ${command}`);
  const parser = new Command(command).exitOverride().configureOutput({ writeErr: () => undefined });
  parser.allowExcessArguments(false);
  (await entry.load())({ terminal: {} as Terminal, ended: () => undefined }, parser);
  for (const one of parser.commands.length > 0 ? parser.commands : [parser]) one.action(() => undefined);
  await parser.parseAsync(words, { from: 'user' });
}

it('there are commands to try', () => {
  expect(shown.filter(({ rest }) => rest !== '').length).toBeGreaterThan(40);
});

it('every command is shown somewhere', () => {
  const names = new Set(shown.map(({ command }) => command));
  expect(commands.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
});

describe.each([...new Set(shown.map(({ page }) => page))])('%s', (page) => {
  const lines = new Map(
    shown.filter((one) => one.page === page).map((one) => [`${one.command} ${one.rest}`.trimEnd(), one]),
  );

  it.each([...lines])('holdpoint %s', async (_, { command, rest }) => {
    // A bare name in a sentence stands for the command, not for a call of it.
    if (rest === '') expect(commands.map(({ name }) => name)).toContain(command);
    else await parse(command, wordsOf(rest));
  });
});

it('a wrong name, option, value or a missing argument is noticed', async () => {
  await expect(parse('verify', ['PACK'])).rejects.toThrow('there is no command');
  await expect(parse('audit', ['verfy', 'PACK'])).rejects.toThrow('unknown command');
  await expect(parse('audit', ['verify'])).rejects.toThrow('missing required argument');
  await expect(parse('status', ['--jsno'])).rejects.toThrow('unknown option');
  await expect(parse('explain', ['PLAN', '--starts-at', 'noon'])).rejects.toThrow('Write an instant');
  await expect(parse('pause', ['FLAG'])).rejects.toThrow('required option');
  await expect(parse('attest', ['--by', 'lee'])).rejects.toThrow('missing required argument');
});

it('the page lists every exit code', async () => {
  const page = await readPage('docs/command-line.md');
  const listed = new Set([...page.matchAll(/^\| (\d+) +\|/gm)].map((match) => Number(match[1])));
  expect([...listed].sort((a, b) => a - b)).toEqual(Object.values(exitCode).sort((a, b) => a - b));
});
