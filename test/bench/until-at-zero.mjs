/** When a flag was durable at 0: from the store's own write log, for a rollout ends only after its records are kept. */
import { readFile } from 'node:fs/promises';

const limitMs = 60_000;

/** @returns {Promise<number>} epoch milliseconds */
export async function untilAtZero(flagsPath, key) {
  const endsAt = performance.now() + limitMs;
  while (performance.now() < endsAt) {
    const text = await readFile(`${flagsPath}.log.jsonl`, 'utf8');
    // The last line may be half written.
    const lines = text.split('\n').slice(0, -1);
    const write = lines.map((line) => JSON.parse(line)).findLast((line) => line.key === key);
    if (write?.action === 'rollback' && write.after.percent === 0) return Date.parse(write.at);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(
    `${key} is not at 0, ${limitMs / 1_000} s after a rollback was asked for. See Temporal's history of it.`,
  );
}
