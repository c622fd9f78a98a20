/** Between the acts the flag goes back to 0: the rollout has completed, so a run of its own does it. */
import { rolloutWorkflowId } from '../core/names.js';
import type { Scene } from './scene.js';

export async function takeBackAfterTheEnd({ client, plan, story, signal }: Scene): Promise<void> {
  const { environment, key } = plan.flag;
  const rollout = rolloutWorkflowId(environment, key);
  const { answer, tookMs } = await client.rollback({ rollout }, { by: 'dana', reason: 'the stage is set for act 2' });
  if (!answer.written) throw new Error(`The flag did not go back: ${answer.reason}`);
  story.tell({
    at: answer.writtenAt,
    percent: answer.percent,
    tone: 'person',
    text: `dana takes the flag back after the end: the completed rollout is reverted, ${answer.state} ${tookMs} ms after she asked.`,
  });
  // The receipt comes first; while the records are written, no other rollout of the flag can begin.
  await client.result({ rollout }, { signal });
}
