/** The one place that turns adapter errors into Temporal failures, and says which are worth retrying. */
import { ApplicationFailure } from '@temporalio/common';
import { AdapterError } from '../src/adapters/adapter-error.js';

/** A wrong configuration does not mend itself within a retry; everything else may. */
const isHopeless = ({ reason }: AdapterError): boolean => reason === 'not-configured';

function toFailure(error: unknown, nonRetryable: (error: AdapterError) => boolean): unknown {
  if (!(error instanceof AdapterError)) return error;
  return ApplicationFailure.create({
    message: error.message,
    type: `AdapterError:${error.reason}`,
    nonRetryable: nonRetryable(error),
    details: [{ adapter: error.adapter, reason: error.reason }],
  });
}

export async function withFailures<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toFailure(error, isHopeless);
  }
}

/** For the way back: a worker that was deployed without the store is soon replaced by one that has it. */
export async function withFailuresRetried<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toFailure(error, () => false);
  }
}

export function configured<T>(things: ReadonlyMap<string, T>, id: string, what: string): T {
  const thing = things.get(id);
  if (thing !== undefined) return thing;
  const known = [...things.keys()].join(', ') || 'none';
  throw new AdapterError(
    what,
    'not-configured',
    `The plan names the ${what} "${id}", which this worker does not have (it has: ${known}).`,
  );
}
