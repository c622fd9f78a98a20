/** What can be sent to the messages of a flag. */
import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { CloseMessage, CommsStatus, SendAnswer, SendMessage } from '../src/core/comms.js';
import type { MessageAnswer } from '../src/core/rollout-shapes.js';

export const sendUpdate = defineUpdate<SendAnswer, [SendMessage]>('send');
/** The promise is withdrawn: nobody hears more. */
export const closeUpdate = defineUpdate<MessageAnswer, [CloseMessage]>('close');
export const commsStatusQuery = defineQuery<CommsStatus>('status');
