/** `holdpoint doctor`: whether everything that rollouts need is ready, a line each. */
import type { Command } from 'commander';
import type { DoctorLine } from '../../doctor/line.js';
import type { PlanAtHand } from '../../doctor/place.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { openConfig } from '../open-config.js';
import { openPlan, planAgainstConfig } from '../open-plan.js';
import { withReach } from '../options.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import { renderDiagnosis } from '../render/diagnosis.js';

interface DoctorOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly plan?: string;
  readonly smoke?: boolean;
}

export function addDoctor({ terminal, ended }: Program, command: Command): void {
  withReach(command)
    .option('--plan <plan>', 'also: does this place have all that the plan needs, and do its checks have data')
    .option('--smoke', 'also run the smoke suites (of the plan, if one is named)')
    .addHelpText(
      'after',
      '\nIt writes nothing that stays, and sends nothing. Run it where the worker runs: paths are those of this machine.',
    )
    .action(async (options: DoctorOptions) => {
      const config = await openConfig(terminal, options);
      const named = options.plan === undefined ? null : await openPlan(terminal, options.plan);
      const plan: PlanAtHand | null =
        named === null ? null : { plan: named.plan, problems: await planAgainstConfig(named, config) };
      const { examine } = await import('../../doctor/examine.js');
      const { env, talkStream: talk } = terminal;
      const seen = await examine(config, { env, talk, plan, smoke: options.smoke === true });
      const lines = plain(seen.map((line) => forPasting(line, options)));
      const code = codeOf(lines);
      terminal.data(
        options.json === true
          ? JSON.stringify({ ok: code === exitCode.done, lines }, null, 2)
          : renderDiagnosis(lines, terminal.paint),
      );
      ended(code);
    });
}

/** What is pasted at three in the morning must find the same configuration. A path with spaces and the like is left to its reader. */
function forPasting(line: DoctorLine, { config }: DoctorOptions): DoctorLine {
  if (line.todo === null || config === undefined || !/^[\w./-]+$/.test(config)) return line;
  return { ...line, todo: line.todo.replace(/\bholdpoint (?:rollback|status|worker)\b/g, `$& --config ${config}`) };
}

export function codeOf(lines: readonly DoctorLine[]): ExitCode {
  const causes = new Set(lines.map(({ cause }) => cause));
  if (causes.has('unreachable')) return exitCode.unreachable;
  return causes.has('wrong') ? exitCode.refused : exitCode.done;
}
