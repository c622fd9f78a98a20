/** Doing something many times: evenly over a time, or a few at once. */

/** Waits for all; one that is late does not delay the next. */
export async function each(count, { overMs }, work) {
  const startedMs = performance.now();
  const running = [];
  for (let index = 0; index < count; index += 1) {
    const waitMs = startedMs + (index * overMs) / count - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    running.push(work(index));
  }
  await Promise.all(running);
}

export async function atOnce(items, lanes, work) {
  const waiting = [...items];
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
