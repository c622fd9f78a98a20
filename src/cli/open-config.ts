/** The configuration a command works with, or every problem in it. */
import type { Config } from '../config.js';
import { renderProblem, type Problem } from '../documents/problem.js';
import { CliError } from './cli-error.js';
import { exitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

export interface ConfigOption {
  readonly config?: string;
}

const defaultPath = 'holdpoint.config.yaml';

export async function openConfig(terminal: Terminal, option: ConfigOption): Promise<Config> {
  const { loadConfig } = await import('../config.js');
  const path = option.config ?? (terminal.env['HOLDPOINT_CONFIG'] || defaultPath);
  const loaded = await loadConfig(path, terminal.env);
  if (loaded.ok) return loaded.config;
  throw new CliError(exitCode.invalidFile, renderProblems(loaded.problems));
}

export const renderProblems = (problems: readonly Problem[]): string => problems.map(renderProblem).join('\n');
