/** `holdpoint pause`, `resume`, `extend`, `skip-hold` and `retry-gate`: when things happen, each with a reason. */
import { type Command, Option } from 'commander';
import type { MessageAnswer } from '../../core/rollout-shapes.js';
import type { RolloutSummary } from '../../find-rollout.js';
import type { RolloutClient } from '../../rollout-client.js';
import { durationText, rolloutHelp, withBy, withReach } from '../options.js';
import { whoAmI } from '../person.js';
import type { Program } from '../program.js';
import { withRollout } from '../with-client.js';
import { sayMessageAnswer } from '../say-answer.js';

interface SteerOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly by?: string;
  readonly reason: string;
}

interface ExtendOptions extends SteerOptions {
  readonly for: string;
  readonly of?: 'hold' | 'decision' | 'plan';
}

export const addPause = (program: Program, command: Command): void => addSimple(program, command, 'pause');
export const addResume = (program: Program, command: Command): void => addSimple(program, command, 'resume');
export const addSkipHold = (program: Program, command: Command): void => addSimple(program, command, 'skipHold');
export const addRetryGate = (program: Program, command: Command): void => addSimple(program, command, 'retryGate');

const withSteering = (command: Command): Command =>
  withBy(withReach(command)).argument('[rollout]', rolloutHelp).requiredOption('--reason <text>', 'why');

function addSimple(program: Program, command: Command, message: 'pause' | 'resume' | 'skipHold' | 'retryGate'): void {
  withSteering(command).action((name: string | undefined, options: SteerOptions) =>
    steer(program, { ...options, rollout: name }, (client, rollout, sent) => client[message](rollout, sent)),
  );
}

export function addExtend(program: Program, command: Command): void {
  withSteering(command)
    .requiredOption('--for <duration>', 'how much longer, such as 30m or 2h', durationText)
    .addOption(new Option('--of <what>', 'what (default: what it waits for now)').choices(['hold', 'decision', 'plan']))
    .action((name: string | undefined, options: ExtendOptions) =>
      steer(program, { ...options, rollout: name }, (client, rollout, sent) =>
        client.extend(rollout, {
          ...sent,
          for: options.for,
          ...(options.of === undefined ? {} : { of: options.of }),
        }),
      ),
    );
}

type Send = (
  client: RolloutClient,
  rollout: RolloutSummary,
  sent: { readonly by: string; readonly reason: string },
) => Promise<MessageAnswer>;

async function steer(
  { terminal, ended }: Program,
  options: SteerOptions & { readonly rollout: string | undefined },
  send: Send,
): Promise<void> {
  const sent = { by: whoAmI(terminal, options), reason: options.reason };
  const answer = await withRollout(terminal, options, ({ client, rollout }) => send(client, rollout, sent));
  ended(sayMessageAnswer(terminal, answer, options));
}
