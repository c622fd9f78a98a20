/** Runs a history through the production bundle again: any other command than the recorded one is an error. */
import { DefaultLogger, Runtime, Worker, type InjectedSinks } from '@temporalio/worker';
import { readFileSync } from 'node:fs';
import { inject } from 'vitest';
import type { RolloutSinks } from '../../workflows/telemetry.js';

// Once a process, before any worker.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { forward: {}, filter: { core: 'ERROR', other: 'ERROR' } } },
});

const silent = { fn: (): void => undefined };

export const silentTelemetry: InjectedSinks<RolloutSinks> = {
  telemetry: {
    state: silent,
    verdict: silent,
    move: silent,
    rollback: silent,
    lookLateness: silent,
    humanWait: silent,
  },
};

export const productionBundle = (): string => readFileSync(inject('bundlePath'), 'utf8');

/** @param workflowId - as it was: the flag's owner is made from it. */
export function replay(history: unknown, workflowId: string, code: string = productionBundle()): Promise<void> {
  return Worker.runReplayHistory({ workflowBundle: { code }, sinks: silentTelemetry }, history, workflowId);
}
