/** Sending a person's text: the messages of a flag are one workflow, started by the first and reached by the next. */
import { WithStartWorkflowOperation } from '@temporalio/client';
import { ApplicationFailure, type UpdateDefinition } from '@temporalio/common';
import { closeUpdate, sendUpdate } from '../workflows/comms-messages.js';
import {
  commsClosing,
  commsWorkflowId,
  type CloseMessage,
  type CommsInput,
  type SendAnswer,
  type SendMessage,
} from './core/comms.js';
import type { MessageAnswer } from './core/rollout-shapes.js';
import type { TemporalReach } from './temporal-reach.js';

const sendMs = 20_000;
const closeMs = 10_000;
const againMs = 500;

/** The notice's id is the update's: sent twice, it counts once. */
export async function sendMessage(reach: TemporalReach, input: CommsInput, message: SendMessage): Promise<SendAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sendOnce(reach, input, message);
    } catch (error) {
      if (attempt >= 20 || !isClosing(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }
}

function sendOnce(reach: TemporalReach, input: CommsInput, message: SendMessage): Promise<SendAnswer> {
  const workflowId = commsWorkflowId(input);
  return reach.ask({
    what: `Sending ${message.notice.template}`,
    limitMs: sendMs,
    answeredBy: workflowId,
    run: (client) =>
      client.workflow.executeUpdateWithStart(sendUpdate as UpdateDefinition<SendAnswer, [SendMessage]>, {
        args: [message],
        updateId: message.notice.id,
        startWorkflowOperation: new WithStartWorkflowOperation('comms', {
          workflowId,
          taskQueue: reach.taskQueue,
          args: [input],
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          staticSummary: `Messages about ${input.flag} in ${input.environment}`,
        }),
      }),
  });
}

/** Throws `not-found` when nothing is open, so nothing owed. */
export const closeMessages = (reach: TemporalReach, input: CommsInput, message: CloseMessage): Promise<MessageAnswer> =>
  reach.ask({
    what: `Closing ${commsWorkflowId(input)}`,
    limitMs: closeMs,
    answeredBy: commsWorkflowId(input),
    run: (client) => client.workflow.getHandle(commsWorkflowId(input)).executeUpdate(closeUpdate, { args: [message] }),
  });

function isClosing(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof ApplicationFailure && at.type === commsClosing) return true;
  }
  return false;
}
