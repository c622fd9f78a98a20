/** `holdpoint check`: every problem of a plan at once, each at its line and column. */
import type { Command } from 'commander';
import { shortDigest } from '../../core/digest.js';
import { formatPercent } from '../../core/number-text.js';
import type { Plan } from '../../core/plan.js';
import type { Problem } from '../../documents/problem.js';
import { homelessTemplates } from '../choose-channel.js';
import { exitCode } from '../exit-code.js';
import { openConfig, renderProblems } from '../open-config.js';
import { planAgainstConfig, type GoodPlan } from '../open-plan.js';
import { withReach } from '../options.js';
import type { Program } from '../program.js';
import type { Terminal } from '../terminal.js';

interface CheckOptions {
  readonly config?: string;
  readonly json?: boolean;
}

export function addCheck({ terminal, ended }: Program, command: Command): void {
  withReach(command)
    .argument('<plan>', 'plan file, YAML or JSON')
    .addHelpText('after', '\nWith a configuration named, the ids in the plan are checked against it, too.')
    .action(async (path: string, options: CheckOptions) => {
      const { loadPlan } = await import('../../plan/load-plan.js');
      const loaded = await loadPlan(path);
      const problems: readonly Problem[] = loaded.ok
        ? [...loaded.warnings, ...(await idProblems(terminal, options, loaded))]
        : loaded.problems;
      const ok = !problems.some(({ severity }) => severity === 'error');
      if (options.json === true) {
        const digest = loaded.ok ? { plan: loaded.plan.name, digest: loaded.plan.digest } : {};
        terminal.data(JSON.stringify({ ok, ...digest, problems }, null, 2));
      } else {
        if (problems.length > 0) terminal.data(renderProblems(problems));
        if (ok && loaded.ok) terminal.data(`${path}: ${sayPlan(loaded.plan)}`);
      }
      ended(ok ? exitCode.done : exitCode.invalidFile);
    });
}

/** Only where a configuration is named: a plan can be right on a machine that has none. */
async function idProblems(terminal: Terminal, options: CheckOptions, plan: GoodPlan): Promise<Problem[]> {
  const named = options.config ?? terminal.env['HOLDPOINT_CONFIG'] ?? '';
  if (named === '') return [];
  const config = await openConfig(terminal, options);
  const homeless = homelessTemplates(config.channels, plan.comms?.templates ?? []);
  return [...(await planAgainstConfig(plan, config)), ...homeless];
}

const sayPlan = ({ name, digest, flag, stages }: Plan): string =>
  `fine. ${name} (plan ${shortDigest(digest)}) takes ${flag.environment}/${flag.key} to ${stages.map(({ percent }) => formatPercent(percent)).join(', ')}.`;
