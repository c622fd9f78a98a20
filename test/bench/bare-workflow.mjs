/** The least that a signal and a durable write, or a timer and an activity, can be: what ours are compared with. */
import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';

const { writeFile, tick } = proxyActivities({ startToCloseTimeout: '2 s' });

/** @param everyMs - null: it only waits for the signal. */
export async function bare(everyMs = null) {
  let asked = false;
  setHandler(defineSignal('go'), () => {
    asked = true;
  });
  if (everyMs === null) await condition(() => asked);
  for (let nextMs = Date.now() + everyMs; !asked; nextMs += everyMs) {
    if (await condition(() => asked, Math.max(1, nextMs - Date.now()))) break;
    await tick();
  }
  return writeFile();
}
