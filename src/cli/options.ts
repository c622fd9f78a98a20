/** Options that several commands have, spelled the same everywhere. */
import { type Command, InvalidArgumentError } from 'commander';
import { parseDuration } from '../core/duration.js';

export const withConfig = (command: Command): Command =>
  command.option('-c, --config <file>', 'configuration (default: HOLDPOINT_CONFIG, or ./holdpoint.config.yaml)');

export const withJson = (command: Command): Command => command.option('--json', 'print JSON');

export const withBy = (command: Command): Command =>
  command.option('--by <name>', 'who you are (default: HOLDPOINT_USER, or the name you are logged in as)');

export const withYes = (command: Command): Command => command.option('-y, --yes', 'do not ask');

/** What every command that talks to the server has. */
export const withReach = (command: Command): Command => withJson(withConfig(command));

/** How a rollout is named, for the help. */
export const rolloutHelp = 'flag key or <environment>/<flag key>; may be left out when one rollout is open';

export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === null || ms <= 0) throw new InvalidArgumentError('Write a duration, such as 30s, 10m or 4h.');
  return ms;
}

/** As typed, once it is known to be a duration. */
export function durationText(text: string): string {
  durationMs(text);
  return text;
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('Write a whole number, such as 20.');
  return Number(text);
}
