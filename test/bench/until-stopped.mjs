/** Resolves with an exit code when somebody ends a benchmark, or when it takes too long. */

const stopSignals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

export function untilStopped(limitMs) {
  return new Promise((resolve) => {
    for (const [signal, code] of Object.entries(stopSignals)) process.on(signal, () => resolve(code));
    setTimeout(() => {
      console.error(`The benchmarks are not done after ${limitMs / 60_000} minutes: stopped.`);
      resolve(1);
    }, limitMs).unref();
  });
}
