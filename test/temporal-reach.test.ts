/** What a person is told when Temporal did not do what was asked. */
import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { grpcCode, reachOf } from '../src/temporal-reach.js';

const answering = (error: Error) =>
  reachOf(
    {
      client: { withDeadline: () => Promise.reject(error) } as unknown as Client,
      address: 'temporal.test:7233',
      namespace: 'default',
      taskQueue: 'holdpoint',
    },
    () => Promise.resolve(),
  ).ask({
    what: 'The decide of rollout/production/x',
    limitMs: 1_000,
    answeredBy: 'rollout/production/x',
    run: () => Promise.resolve(),
  });

it.each([
  [
    'an update that no run took',
    { code: grpcCode.unavailable, message: '14 UNAVAILABLE: workflow update was aborted' },
    "was not taken: Temporal gave it back each time (14 UNAVAILABLE: workflow update was aborted). Send it again; if it stays so, look at the worker's log.",
  ],
  [
    'an update in whose way the end of a run came',
    {
      code: grpcCode.failedPrecondition,
      message: 'Unable to perform workflow execution update due to unexpected workflow task failure.',
    },
    "was not taken: Temporal gave it back each time (Unable to perform workflow execution update due to unexpected workflow task failure.). Send it again; if it stays so, look at the worker's log.",
  ],
  [
    'an update over which several workers died',
    {
      code: grpcCode.failedPrecondition,
      message: 'Unable to perform workflow execution update due to Workflow Task in failed state.',
    },
    "was not taken: Temporal gave it back each time (Unable to perform workflow execution update due to Workflow Task in failed state.). Send it again; if it stays so, look at the worker's log.",
  ],
  [
    'a server that is away',
    { code: grpcCode.unavailable, message: 'No connection established' },
    'failed: Temporal at temporal.test:7233 cannot be reached (No connection established). Check the server, then try again.',
  ],
  [
    'a server that does not let us in',
    { code: grpcCode.unauthenticated, message: 'token expired' },
    'failed: Temporal at temporal.test:7233 does not let us in (token expired); check apiKey and tls. Check the server, then try again.',
  ],
  [
    'a server with too much to do',
    { code: grpcCode.resourceExhausted, message: 'namespace rate limit exceeded' },
    'failed: Temporal at temporal.test:7233 is too busy (namespace rate limit exceeded). Check the server, then try again.',
  ],
])('%s', async (_, { code, message }, sentence) => {
  const answer = answering(Object.assign(new Error(message), { code }));
  await expect(answer).rejects.toMatchObject({
    kind: 'unreachable',
    message: `The decide of rollout/production/x ${sentence}`,
  });
});
