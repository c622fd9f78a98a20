/** What a channel says about its trouble reaches Temporal: what to do, whether to retry, and how long to wait. */
import type { ApplicationFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import { withFailures } from '../../activities/failures.js';
import { AdapterError, type AdapterErrorReason } from '../../src/adapters/adapter-error.js';

const failureOf = async (reason: AdapterErrorReason, retryAfterMs: number | null): Promise<ApplicationFailure> => {
  const error = new AdapterError('channel room', reason, 'The channel failed.', { retryAfterMs });
  return withFailures(() => Promise.reject(error)).then(
    () => expect.unreachable(),
    (failure: unknown) => failure as ApplicationFailure,
  );
};

it.each([
  ['rate-limited', 7_000, false, 7_000],
  ['rate-limited', 3_600_000, false, 120_000],
  ['refused', null, false, undefined],
  ['not-configured', null, true, undefined],
] as const)('%s, asked to wait %s ms', async (...[reason, asked, nonRetryable, nextRetryDelay]) => {
  expect(await failureOf(reason, asked)).toMatchObject({
    message: 'The channel failed.',
    type: `AdapterError:${reason}`,
    nonRetryable,
    ...(nextRetryDelay === undefined ? {} : { nextRetryDelay }),
  });
});
