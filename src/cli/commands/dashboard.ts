/** `holdpoint dashboard render`: Grafana's dashboards, from an SLI catalogue and for Holdpoint itself. */
import type { Command } from 'commander';
import { withJson } from '../options.js';
import type { Program } from '../program.js';
import { catalogueHelp, defaultCatalogue, openCatalogue, settleFiles, type RenderOptions } from '../rendered-files.js';

export function addDashboard(program: Program, command: Command): void {
  command.helpCommand(false).configureHelp({ subcommandTerm: (sub) => `${sub.name()} ${sub.usage()}` });
  withJson(command.command('render'))
    .description('write Grafana dashboards and their provisioning')
    .allowExcessArguments(false)
    .argument('[catalogue]', catalogueHelp, defaultCatalogue)
    .option('--out <folder>', 'where they go', 'ops/grafana')
    .option('--check', 'write nothing; exit 3 unless they are up to date')
    .action(async (path: string, options: RenderOptions) => {
      const catalogue = await openCatalogue(path);
      const { dashboardFiles } = await import('../../catalogue/dashboard/dashboard-files.js');
      await settleFiles(program, dashboardFiles(catalogue, path), options);
    });
}
