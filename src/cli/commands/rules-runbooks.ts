/** `holdpoint rules runbooks`: the query blocks in the alerts' runbooks, and the command center's, from catalogue and plan. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import { exitCode } from '../exit-code.js';
import { openPlan } from '../open-plan.js';
import { withJson } from '../options.js';
import type { Program } from '../program.js';
import { catalogueHelp, defaultCatalogue, openCatalogue, settleFiles, type RenderOptions } from '../rendered-files.js';

interface RunbookOptions extends RenderOptions {
  readonly plan?: string;
}

export function addRunbooks(program: Program, command: Command): void {
  withJson(command)
    .description('write the query blocks of the runbooks')
    .allowExcessArguments(false)
    .argument('[catalogue]', catalogueHelp, defaultCatalogue)
    .option('--plan <plan>', "also the blocks of the command center's page")
    .option('--out <folder>', 'where the pages are', 'docs/runbooks')
    .option('--check', 'write nothing; exit 3 unless they are up to date')
    .action(async (path: string, options: RunbookOptions) => {
      const catalogue = await openCatalogue(path);
      const plan = options.plan === undefined ? null : (await openPlan(program.terminal, options.plan)).plan;
      const { runbookPages } = await import('../../catalogue/runbooks/runbook-pages.js');
      const made = await runbookPages({ catalogue, plan, read: (page) => readPage(join(options.out, page)) });
      if (!made.ok) {
        throw new CliError(
          exitCode.invalidFile,
          `${join(options.out, made.path)} has no place for its ${made.block}, or several: it needs both marks of that block, once. Move the page away and give the command again to see them.`,
        );
      }
      await settleFiles(program, made.pages, options);
    });
}

async function readPage(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new CliError(exitCode.invalidFile, `${path} cannot be read: ${(error as Error).message}.`);
  }
}
