/** Where a message goes: the channel that is named, or the only one that fits. */
import type { ChannelConfig, Config } from '../config.js';
import type { Template } from '../comms/template.js';
import type { Audience } from '../core/audience.js';
import type { Medium } from '../core/notice.js';
import type { Problem } from '../documents/problem.js';
import { didYouMean } from '../documents/nearest-word.js';
import { CliError } from './cli-error.js';
import { exitCode } from './exit-code.js';

export interface ChosenChannel {
  readonly id: string;
  readonly audience: Audience;
}

const kindOf: Readonly<Record<Medium, ChannelConfig['kind']>> = {
  email: 'email',
  slack: 'slack',
  'in-app': 'webhook',
  'status-page': 'webhook',
};

export const fittingChannels = (
  channels: Config['channels'],
  { medium, audience }: Pick<Template, 'medium' | 'audience'>,
): string[] =>
  Object.keys(channels).filter((id) => channels[id]?.kind === kindOf[medium] && channels[id]?.audience === audience);

/** Templates that would have nowhere to go: one problem for each sort of channel that is missing. */
export function homelessTemplates(channels: Config['channels'], templates: readonly Template[]): Problem[] {
  const homeless = templates.filter((template) => fittingChannels(channels, template).length === 0);
  const sortOf = ({ medium, audience }: Template): string => `${kindOf[medium]} for ${audience}`;
  return [...new Set(homeless.map(sortOf))].flatMap((sort): Problem[] => {
    const alike = homeless.filter((template) => sortOf(template) === sort);
    const [first] = alike;
    if (first === undefined) return [];
    const message = `no channel in the configuration is of kind ${sort}, so nothing takes ${alike.map(({ name }) => name).join(', ')}; add one, or say where with comms send --channel`;
    return [{ file: first.file, ...first.place, message, severity: 'warning' }];
  });
}

export function chooseChannel(
  channels: Config['channels'],
  template: Template,
  named: string | undefined,
): ChosenChannel {
  const { name, medium, audience } = template;
  const ids = Object.keys(channels);
  if (named === undefined) {
    const fitting = fittingChannels(channels, template);
    const [only] = fitting;
    if (only !== undefined && fitting.length === 1) return { id: only, audience };
    const which =
      fitting.length === 0
        ? `none of ${ids.join(', ') || 'no channels'} is of kind ${kindOf[medium]} for ${audience}`
        : `${fitting.join(', ')} fit`;
    throw new CliError(
      exitCode.usage,
      `Where shall ${name} (${medium}) go? Say --channel ID: ${which}. Nothing was sent.`,
    );
  }
  const channel = channels[named];
  if (channel === undefined) {
    throw new CliError(
      exitCode.usage,
      `The configuration has no channel "${named}"; it has: ${ids.join(', ') || 'none'}.${didYouMean(named, ids)} Nothing was sent.`,
    );
  }
  return { id: named, audience: channel.audience };
}
