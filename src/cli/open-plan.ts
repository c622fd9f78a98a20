/** The plan a command works with, or every problem in it. */
import type { Config } from '../config.js';
import type { Problem } from '../documents/problem.js';
import { percentStepOf } from '../percent-steps.js';
import type { LoadedPlan } from '../plan/load-plan.js';
import { CliError } from './cli-error.js';
import { exitCode } from './exit-code.js';
import { renderProblems } from './open-config.js';
import type { Terminal } from './terminal.js';

export type GoodPlan = Extract<LoadedPlan, { readonly ok: true }>;

/** Warnings are talked about; problems end the command. */
export async function openPlan(terminal: Terminal, path: string): Promise<GoodPlan> {
  const { loadPlan } = await import('../plan/load-plan.js');
  const loaded = await loadPlan(path);
  if (!loaded.ok) throw new CliError(exitCode.invalidFile, renderProblems(loaded.problems));
  if (loaded.warnings.length > 0) terminal.talk(renderProblems(loaded.warnings));
  return loaded;
}

/** What the plan names and the configuration does not have. */
export async function planAgainstConfig(
  plan: GoodPlan,
  { file, flagStores, smoke, channels }: Config,
): Promise<Problem[]> {
  const { checkAgainstConfig } = await import('../plan/against-config.js');
  return checkAgainstConfig(plan, {
    file,
    flagStores: Object.keys(flagStores),
    smoke: Object.keys(smoke),
    channels: Object.keys(channels),
    percentSteps: Object.fromEntries(Object.entries(flagStores).map(([id, store]) => [id, percentStepOf(store)])),
    forCustomers: Object.keys(channels).filter((id) => channels[id]?.audience === 'customers'),
  });
}
