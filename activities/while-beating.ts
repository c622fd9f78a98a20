/** Heartbeats for as long as some work takes: a worker that dies in it is noticed within the heartbeat timeout. */
import { heartbeat } from '@temporalio/activity';

const everyMs = 1_000;

export async function whileBeating<T>(work: () => Promise<T>): Promise<T> {
  heartbeat();
  const beating = setInterval(() => heartbeat(), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(beating);
  }
}
