/** Heartbeats for as long as some work takes: a worker that dies in it is noticed within the heartbeat timeout. */
import { heartbeat } from '@temporalio/activity';

const everyMs = 1_000;

/** @param details - what the next attempt shall know, asked at each beat. */
export async function whileBeating<T>(work: () => Promise<T>, details?: () => unknown): Promise<T> {
  const beat = (): void => heartbeat(details?.());
  beat();
  const beating = setInterval(beat, everyMs);
  try {
    return await work();
  } finally {
    clearInterval(beating);
  }
}
