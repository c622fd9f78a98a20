/** The SDK's one runtime a process: where its logs and metrics go. */
import { Runtime } from '@temporalio/worker';
import { toTemporalLogger, type Logger } from './log.js';

/**
 * A process that already has a runtime keeps it.
 *
 * @param metricsAddress - `host:port` of the SDK's own Prometheus page; null: none.
 */
export function installRuntime(log: Logger, metricsAddress: string | null): void {
  try {
    Runtime.install({
      logger: toTemporalLogger(log),
      // Signals are the process's business: a worker that lives in a larger process must not end with the first Ctrl-C it sees.
      shutdownSignals: [],
      telemetryOptions: {
        logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } },
        ...(metricsAddress === null
          ? {}
          : {
              metrics: {
                prometheus: { bindAddress: metricsAddress, countersTotalSuffix: true, useSecondsForDurations: true },
              },
            }),
      },
    });
  } catch (error) {
    if ((error as Error).name !== 'IllegalStateError') throw error;
    if (metricsAddress !== null)
      log.warn(`The SDK's metrics are not served at ${metricsAddress}: its runtime runs already.`);
  }
}
