/** The one place that turns adapter errors into Temporal failures, and says which are worth retrying. */
import { ApplicationFailure } from '@temporalio/common';
import { AdapterError } from '../src/adapters/adapter-error.js';

/** A wrong configuration does not mend itself within a retry; everything else may. */
const wrongConfiguration = ({ reason }: AdapterError): boolean => reason === 'not-configured';

/** @param isHopeless - which troubles are not worth another try. */
export async function withFailures<T>(work: () => Promise<T>, isHopeless = wrongConfiguration): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    throw ApplicationFailure.create({
      message: error.message,
      type: `AdapterError:${error.reason}`,
      nonRetryable: isHopeless(error),
      details: [{ adapter: error.adapter, reason: error.reason }],
      // Who asks to be left alone for a while is; a delay without end would be a channel that stays silent.
      ...(error.retryAfterMs === null ? {} : { nextRetryDelay: Math.min(error.retryAfterMs, 120_000) }),
    });
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
