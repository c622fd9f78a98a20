/** A limit on waiting for something that may never answer. What was begun goes on; nobody waits for it any more. */

export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
}

/** Rejects with `OutOfTimeError` when the limit is over. */
export async function inTime<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OutOfTimeError(`no answer within ${limitMs / 1_000} s`)), limitMs);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
