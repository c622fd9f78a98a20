/** Where a message goes: the channel that is named, or the only one that fits. */
import type { ChannelConfig, Config } from '../config.js';
import type { Template } from '../comms/template.js';
import type { Audience } from '../core/audience.js';
import type { Medium } from '../core/notice.js';
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

export function chooseChannel(
  channels: Config['channels'],
  { name, medium, audience }: Template,
  named: string | undefined,
): ChosenChannel {
  const ids = Object.keys(channels);
  if (named === undefined) {
    const fitting = ids.filter((id) => channels[id]?.kind === kindOf[medium] && channels[id]?.audience === audience);
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
