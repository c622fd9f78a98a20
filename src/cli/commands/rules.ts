/** `holdpoint rules render`: recording rules, alerts and their tests from an SLI catalogue; `rules runbooks` beside it. */
import type { Command } from 'commander';
import { withJson } from '../options.js';
import type { Program } from '../program.js';
import { catalogueHelp, defaultCatalogue, openCatalogue, settleFiles, type RenderOptions } from '../rendered-files.js';
import { addRunbooks } from './rules-runbooks.js';

export function addRules(program: Program, command: Command): void {
  command.helpCommand(false).configureHelp({ subcommandTerm: (sub) => `${sub.name()} ${sub.usage()}` });
  withJson(command.command('render'))
    .description('write Prometheus rules, alerts and their tests')
    .allowExcessArguments(false)
    .argument('[catalogue]', catalogueHelp, defaultCatalogue)
    .option('--out <folder>', 'where they go', 'ops/prometheus')
    .option('--check', 'write nothing; exit 3 unless they are up to date')
    .action(async (path: string, options: RenderOptions) => {
      const catalogue = await openCatalogue(path);
      const { ruleFiles } = await import('../../catalogue/rules/rule-files.js');
      await settleFiles(program, ruleFiles(catalogue, path), options);
    });
  addRunbooks(program, command.command('runbooks'));
}
