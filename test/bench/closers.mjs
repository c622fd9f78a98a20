/** What a benchmark has started, ended in reverse order, however the benchmark ends. */

/** A closer that comes too late, because the benchmark was stopped meanwhile, is called at once. */
export function openClosers() {
  const closers = [];
  let closing = null;
  return {
    add: async (closer) => {
      if (closing === null) closers.push(closer);
      else await closer();
    },
    close: () => (closing ??= closeAll(closers)),
  };
}

async function closeAll(closers) {
  for (const closer of closers.splice(0).reverse()) {
    await closer().catch((error) => console.error(`Not ended: ${String(error)}`));
  }
}
