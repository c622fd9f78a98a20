/** Signals that ask this process to end: the first asks it to tidy up, a later one ends it at once. */

export interface StopSignal {
  readonly signal: AbortSignal;
  /** Gives the signals back to the process's own defaults. */
  readonly dispose: () => void;
}

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A terminal and whoever passes its signals on may both send the same one. */
const sameMs = 1_000;

export function openStopSignal(): StopSignal {
  const controller = new AbortController();
  let firstAtMs = 0;
  const stop = (): void => {
    const nowMs = performance.now();
    if (!controller.signal.aborted) {
      firstAtMs = nowMs;
      controller.abort();
    } else if (nowMs - firstAtMs > sameMs) process.exit(130);
  };
  for (const name of names) process.on(name, stop);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of names) process.off(name, stop);
    },
  };
}

/** Resolves when the signal is aborted. */
export const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
