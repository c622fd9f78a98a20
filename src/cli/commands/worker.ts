/** `holdpoint worker`: runs rollouts until it is told to stop. */
import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import { exitCode } from '../exit-code.js';
import { openConfig } from '../open-config.js';
import { withConfig } from '../options.js';
import type { Program } from '../program.js';

interface WorkerOptions {
  readonly config?: string;
}

export function addWorker({ terminal }: Program, command: Command): void {
  withConfig(command)
    .addHelpText(
      'after',
      '\nLogs JSON lines to stderr (HOLDPOINT_LOG_LEVEL: debug, info, warn, error). Ends on Ctrl-C or SIGTERM.',
    )
    .action(async (options: WorkerOptions) => {
      const config = await openConfig(terminal, options);
      const stop = terminal.stopSignal();
      const { startWorker } = await import('../../worker.js');
      const worker = await startWorker(config, { env: terminal.env, talk: terminal.talkStream });
      stop.addEventListener('abort', () => void worker.stop());
      if (stop.aborted) await worker.stop();
      try {
        await worker.done;
      } catch (error) {
        throw new CliError(
          exitCode.unreachable,
          `The worker ended by itself: ${(error as Error).message}. Start it again.`,
        );
      }
    });
}
