/** The least that a signal and a durable write can be: what our rollback is compared with. */
import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';

const { writeFile } = proxyActivities({ startToCloseTimeout: '2 s' });

export async function bare() {
  let asked = false;
  setHandler(defineSignal('go'), () => {
    asked = true;
  });
  await condition(() => asked);
  return writeFile();
}
