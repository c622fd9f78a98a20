/** `holdpoint dev`: everything on this machine until Ctrl-C: Temporal, Prometheus, a service with traffic, a worker. */
import type { Command } from 'commander';
import type { Plan } from '../../core/plan.js';
import type { Machine } from '../../dev/machine.js';
import { CliError } from '../cli-error.js';
import { exitCode } from '../exit-code.js';
import { openPlan } from '../open-plan.js';
import { withBy, withJson } from '../options.js';
import { whoAmI } from '../person.js';
import type { Program } from '../program.js';
import type { Terminal } from '../terminal.js';

interface DevOptions {
  readonly dir: string;
  readonly plan?: string;
  readonly by?: string;
  readonly json?: boolean;
}

export function addDev({ terminal }: Program, command: Command): void {
  withJson(withBy(command))
    .option('--dir <dir>', 'where state, logs and reports are kept; it can be used again', '.holdpoint-dev')
    .option('--plan <file>', 'a plan whose rollout is started as soon as all is ready')
    .addHelpText(
      'after',
      '\nPrints one JSON line with every address when all is ready. With its "config" every other command works from\nanother terminal: export HOLDPOINT_CONFIG=<that path>',
    )
    .action(async (options: DevOptions) => {
      const plan = options.plan === undefined ? null : (await openPlan(terminal, options.plan)).plan;
      const { untilAborted } = await import('../../dev/until-aborted.js');
      const stop = terminal.stopSignal();
      const machine = await openOrExplain(terminal, options.dir);
      try {
        if (plan !== null) await startPlan(terminal, machine, { plan, by: whoAmI(terminal, options) });
        terminal.data(JSON.stringify(machine.ready));
        if (options.json !== true) terminal.talk('All is ready; Ctrl-C ends it.');
        const ended = await Promise.race([untilAborted(stop), machine.broken]);
        if (ended !== undefined) throw new CliError(exitCode.unreachable, ended);
      } finally {
        await machine.close();
      }
    });
}

async function openOrExplain(terminal: Terminal, dir: string): Promise<Machine> {
  const { openMachine } = await import('../../dev/machine.js');
  const { FolderInUseError } = await import('../../dev/machine-folder.js');
  const { ToolNotFoundError } = await import('#tools/find-tools.mjs');
  try {
    return await openMachine({ dir, onProgress: (line) => terminal.talk(line) });
  } catch (error) {
    if (error instanceof FolderInUseError) throw new CliError(exitCode.refused, error.message);
    if (error instanceof ToolNotFoundError) throw new CliError(exitCode.unreachable, error.message);
    throw error;
  }
}

async function startPlan(
  terminal: Terminal,
  { config }: Machine,
  { plan, by }: { readonly plan: Plan; readonly by: string },
): Promise<void> {
  const { openRolloutClient } = await import('../../rollout-client.js');
  const client = await openRolloutClient(config.temporal);
  try {
    const { rollout } = await client.start(plan, { by });
    terminal.talk(`${rollout} is started.`);
  } finally {
    await client.close();
  }
}
