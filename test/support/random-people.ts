/** What people send to one rollout on the real server, as a seed says, and what they were answered. */
import { randomUUID } from 'node:crypto';
import { ServiceError, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { AuditEntry } from '../../src/core/audit.js';
import type { MessageAnswer } from '../../src/core/rollout-shapes.js';
import {
  attestUpdate,
  decideUpdate,
  extendUpdate,
  pauseUpdate,
  requestRollbackUpdate,
  resumeUpdate,
  retryGateUpdate,
  rollbackSignal,
  skipHoldUpdate,
  withdrawUpdate,
  type DecideMessage,
} from '../../workflows/messages.js';
import type { Dice } from './dice.js';
import type { FaultRun } from './fault-world.js';

/** Null: it ended before it answered, so both may be true. */
export interface Sent {
  readonly message: string;
  /** Stands in its audit entry, and nowhere else. */
  readonly mark: string;
  readonly accepted: boolean | null;
}

export interface People {
  /** Says things until the rollout has ended, at last that it is to be taken back. */
  talk(): Promise<void>;
  readonly sent: readonly Sent[];
}

interface Scene {
  readonly run: FaultRun;
  readonly dice: Dice;
  readonly changeNumbers: (value: number | null) => void;
  readonly breakGlass: () => Promise<unknown>;
}

const steps = 40;

export function peopleOf({ run, dice, changeNumbers, breakGlass }: Scene): People {
  const sent: Sent[] = [];
  let count = 0;
  const mark = (): string => `said-${(count += 1)}`;
  const say = async <M extends object>(
    update: UpdateDefinition<MessageAnswer, [M]>,
    message: (mark: string) => M,
  ): Promise<void> => {
    const one = mark();
    const answer = await ask(run, update, { message: message(one), id: one });
    sent.push({ message: update.name, mark: one, accepted: answer === 'ended' ? null : answer.accepted });
    if (answer === 'ended') throw new Ended();
  };
  const by = (): string => dice.pick('sam', 'kim', 'ida', 'dana');
  const stage = (): object => dice.pick({}, {}, {}, { stage: 1 }, { stage: 2 });
  const decide = (decision: 'go' | 'no-go') => () => {
    const role = dice.pick('release-manager', 'release-manager', 'sre', 'chef');
    return say(decideUpdate, (reason) => ({ decision, by: by(), role, reason, ...stage() }));
  };
  const things: readonly (readonly [number, () => Promise<unknown>])[] = [
    [40, decide('go')],
    [0.5, decide('no-go')],
    [8, () => say(attestUpdate, (who) => ({ item: dice.pick('audit', 'audit', 'nothing'), by: who }))],
    [3, () => say(pauseUpdate, (reason) => ({ by: by(), reason }))],
    [8, () => say(resumeUpdate, (reason) => ({ by: by(), reason }))],
    [3, () => say(extendUpdate, (reason) => ({ by: by(), reason, for: dice.pick('1s', '5s') }))],
    [3, () => say(skipHoldUpdate, (reason) => ({ by: by(), reason }))],
    [3, () => say(retryGateUpdate, (reason) => ({ by: by(), reason }))],
    [3, () => say(withdrawUpdate, (reason) => ({ by: by(), reason, ...dice.pick({}, {}, { item: 'audit' }) }))],
    [5, () => Promise.resolve(changeNumbers(dice.pick(1, 1, 1, 1, 1, 1, 0.5, null)))],
    [0.4, () => run.handle.signal(rollbackSignal, { by: 'ola', reason: mark() })],
    [0.4, () => ask(run, requestRollbackUpdate, { message: { by: 'ola', reason: mark() }, id: mark() })],
    [0.2, () => run.handle.cancel()],
    [6, () => run.handle.signal(dice.pick('rumour', 'breach', 'noGo'), dice.pick<unknown>(undefined, 42, []))],
    [6, () => malformed(run)],
    [0.3, breakGlass],
  ];
  return {
    sent,
    talk: async () => {
      try {
        for (let step = 0; step < steps; step += 1) {
          await pause(dice.pick(20, 100, 300, 600));
          await dice.weigh(things)();
        }
        changeNumbers(1);
        await run.handle.signal(rollbackSignal, { by: 'ola', reason: 'the round is over' });
      } catch (error) {
        if (!(error instanceof Ended) && !hasEnded(error)) throw error;
      }
    },
  };
}

/** What was answered stands in the audit, once; what was refused, and what nobody said, does not. */
export function brokenPromises(sent: readonly Sent[], audit: readonly AuditEntry[]): string[] {
  return sent.flatMap(({ message, mark, accepted }) => {
    const count = audit.filter(
      ({ kind, data }) =>
        (kind === 'decision' || kind === 'message') && (data['reason'] === mark || data['by'] === mark),
    ).length;
    const right = accepted === null ? count <= 1 : count === (accepted ? 1 : 0);
    return right ? [] : [`${message} ${mark} was answered ${String(accepted)} and is ${count} × in the audit`];
  });
}

class Ended extends Error {}

/** The server gives these back untaken: the same message may be sent again. */
const givenBack =
  /RESOURCE_EXHAUSTED|update was aborted|unexpected workflow task failure|Workflow Task in failed state|DEADLINE_EXCEEDED|CANCELLED/;

async function ask<Answer, M>(
  { handle }: FaultRun,
  update: UpdateDefinition<Answer, [M]>,
  { message, id }: { readonly message: M; readonly id: string },
): Promise<Answer | 'ended'> {
  for (;;) {
    try {
      return await handle.executeUpdate(update, { args: [message], updateId: id });
    } catch (error) {
      if (hasEnded(error)) return 'ended';
      if (!(error instanceof ServiceError) || !givenBack.test(String(error.cause))) throw error;
      await pause(100);
    }
  }
}

/** Its validator refuses it: it leaves a workflow task, or not even that. */
async function malformed(run: FaultRun): Promise<void> {
  const nobody: DecideMessage = { decision: 'go', by: '' };
  const answer = await ask(run, decideUpdate, { message: nobody, id: randomUUID() }).catch((error: unknown) => {
    if (error instanceof WorkflowUpdateFailedError) return 'refused' as const;
    throw error;
  });
  if (answer === 'ended') throw new Ended();
  if (answer !== 'refused') throw new Error(`a decision of nobody was taken: ${answer.reason}`);
}

/** Before the message came, or before its answer left. */
const hasEnded = (error: unknown): boolean =>
  error instanceof WorkflowNotFoundError ||
  (error instanceof WorkflowUpdateFailedError && /completed/.test(String(error.cause)));

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
