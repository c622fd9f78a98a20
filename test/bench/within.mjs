/** Waiting that says what did not come, instead of waiting for ever. */

const limitMs = 60_000;

/** @param {Promise<unknown>} promise @param {string} what */
export async function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${limitMs / 1_000} s.`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
