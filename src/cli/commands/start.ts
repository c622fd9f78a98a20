/** `holdpoint start`: begin a rollout; with --wait, follow it and exit by its outcome. */
import type { Command } from 'commander';
import { shortDigest } from '../../core/digest.js';
import { formatDuration } from '../../core/duration.js';
import { formatInstant } from '../../core/instant.js';
import { formatPercent } from '../../core/number-text.js';
import type { Plan } from '../../core/plan.js';
import type { RolloutSummary } from '../../find-rollout.js';
import { RolloutError } from '../../rollout-error.js';
import { CliError } from '../cli-error.js';
import { confirm } from '../confirm.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { codeOfEnd, follow } from '../follow.js';
import { openConfig, renderProblems } from '../open-config.js';
import { openPlan, planAgainstConfig } from '../open-plan.js';
import { durationMs, withBy, withReach, withYes } from '../options.js';
import { whoAmI } from '../person.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import { renderEnd } from '../render/end.js';
import { renderStatusLine, statusKey } from '../render/status-line.js';
import type { Terminal } from '../terminal.js';
import { withClient, type Reached } from '../with-client.js';

interface StartOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly by?: string;
  readonly yes?: boolean;
  readonly wait?: boolean;
  readonly timeout?: number;
}

export function addStart({ terminal, ended }: Program, command: Command): void {
  withYes(withBy(withReach(command)))
    .argument('<plan>', 'plan file, YAML or JSON')
    .option('--wait', 'follow it to its end and exit by outcome; a pause ends that, too (exit 6)')
    .option('--timeout <duration>', 'with --wait: stop following after this long (exit 6)', durationMs)
    .action(async (path: string, options: StartOptions) => {
      const by = whoAmI(terminal, options);
      const loaded = await openPlan(terminal, path);
      const { plan } = loaded;
      const problems = await planAgainstConfig(loaded, await openConfig(terminal, options));
      if (problems.length > 0) throw new CliError(exitCode.invalidFile, renderProblems(problems));
      await withClient(terminal, options, async (reached) => {
        await confirm(terminal, plain(`${describePlan(plan, by)} Start?`), options);
        const rollout = await reached.client.start(plan, { by });
        if (options.wait !== true) await sayStarted(terminal, reached, { rollout, options });
        else ended(await waitForEnd(terminal, reached, { rollout, options }));
      });
    });
}

function describePlan({ name, digest, flag, stages, startAt }: Plan, by: string): string {
  const steps = stages.map(({ percent }) => formatPercent(percent)).join(', ');
  const holdMs = stages.reduce((sum, stage) => sum + stage.holdMs, 0);
  const when = startAt === null ? 'now' : `at ${formatInstant(startAt)}`;
  return `${name} (plan ${shortDigest(digest)}) takes ${flag.environment}/${flag.key} to ${steps}, holding ${formatDuration(holdMs)} in all, ${when}, as ${by}.`;
}

interface Started {
  readonly rollout: RolloutSummary;
  readonly options: StartOptions;
}

async function sayStarted(terminal: Terminal, { client }: Reached, { rollout, options }: Started): Promise<void> {
  const name = plain(`${rollout.environment}/${rollout.flag}`);
  if (options.json === true) terminal.data(JSON.stringify(rollout, null, 2));
  else {
    terminal.data(
      [
        `${terminal.paint.bold(name)}  started by ${plain(rollout.startedBy)} at ${formatInstant(rollout.startedAt)}`,
        `  follow it:     holdpoint watch ${name}`,
        `  take it back:  holdpoint rollback ${name}`,
      ].join('\n'),
    );
  }
  // It is started either way; but without a worker it would stand still, and nobody would know.
  try {
    await client.status(rollout);
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    terminal.talk(`It is started, but does not move yet. ${plain(error.message)}`);
  }
}

async function waitForEnd(terminal: Terminal, { client }: Reached, { rollout, options }: Started): Promise<ExitCode> {
  const name = plain(`${rollout.environment}/${rollout.flag}`);
  terminal.talk(`${name} is started. Ctrl-C ends the waiting, not the rollout.`);
  let last = '';
  const end = await follow(client, rollout, {
    onStatus: (status) => {
      const key = statusKey(status);
      if (key !== last) terminal.talk(renderStatusLine(plain(status), Date.now()));
      last = key;
    },
    onTrouble: (message) => terminal.talk(plain(message)),
    untilPaused: true,
    timeoutMs: options.timeout ?? null,
    stop: terminal.stopSignal(),
  });
  if (options.json !== true) terminal.data(renderEnd(plain(end), name, terminal.paint));
  else if (end.kind === 'ended') terminal.data(JSON.stringify(end.result, null, 2));
  else terminal.talk(renderEnd(plain(end), name, terminal.paint));
  return codeOfEnd(end);
}
