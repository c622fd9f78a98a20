/** Act 2: the same release breaks at 50 percent, and is rolled back before anybody is asked. */
import type { AuditEntry } from '../core/audit.js';
import type { RolloutSummary } from '../find-rollout.js';
import { followRollout } from './follow-rollout.js';
import { rollbackTimeline } from './rollback-timeline.js';
import { pause, type Scene } from './scene.js';
import { readObeyed, turnKnobs } from './target-client.js';

const breakAtPercent = 50;
const failureRatio = 0.4;
/** Healthy for a moment first, so that what is seen is the change. */
const healthyMs = 1_000;
/** How long it is watched afterwards that nobody is hit any more. */
const afterwardsMs = 2_000;

export async function playActTwo(scene: Scene): Promise<RolloutSummary> {
  const { client, plan, machine } = scene;
  const rollout = await client.start(plan, { by: 'dana' });
  let brokenAt: string | null = null;
  const failedBefore = machine.traffic.count().failed;
  const breakOnce = async (): Promise<void> => {
    brokenAt = await breakService(scene);
  };
  const isBreakingPoint = openBreakingPoint();
  const { outcome, reason } = await followRollout(scene, rollout, (entry) =>
    isBreakingPoint(entry) ? breakOnce() : null,
  );
  if (outcome !== 'rolled-back' || brokenAt === null) {
    throw new Error(`Act 2 was to end with a rollback at ${breakAtPercent} %, but the rollout ${outcome}: ${reason}`);
  }
  tellTimeline(scene, {
    brokenAt,
    audit: await client.audit(rollout),
    obeyed: await readObeyed(machine.ready.target),
  });
  await tellExposure(scene, failedBefore);
  await turnKnobs(machine.ready.target, {});
  return rollout;
}

/** The first smoke test after the flip: it was still green, so only the numbers can tell. */
function openBreakingPoint(): (entry: AuditEntry) => boolean {
  let percent = 0;
  let isBroken = false;
  return ({ kind, data }) => {
    if (kind === 'flip') percent = (data['receipt'] as { percent?: number } | undefined)?.percent ?? percent;
    if (isBroken || kind !== 'smoke' || percent !== breakAtPercent) return false;
    isBroken = true;
    return true;
  };
}

async function breakService(scene: Scene): Promise<string> {
  const { story, machine } = scene;
  await pause(scene, healthyMs);
  await turnKnobs(machine.ready.target, { autosaveFailureRatio: failureRatio });
  const brokenAt = new Date().toISOString();
  story.tell({
    at: brokenAt,
    percent: breakAtPercent,
    tone: 'bad',
    text: `The new code path breaks: from now on ${failureRatio * 100} % of its autosaves fail. Nobody tells Holdpoint.`,
  });
  return brokenAt;
}

function tellTimeline({ story }: Scene, input: Parameters<typeof rollbackTimeline>[0]): void {
  story.say('');
  story.say('How fast was that?');
  for (const { afterMs, what } of rollbackTimeline(input)) {
    story.show(`${(afterMs / 1_000).toFixed(3).padStart(7)} s  ${what}`);
  }
}

async function tellExposure(scene: Scene, failedBefore: number): Promise<void> {
  const { story, machine } = scene;
  const failedUntil = machine.traffic.count().failed;
  const sentUntil = machine.traffic.count().sent;
  await pause(scene, afterwardsMs);
  const { failed, sent } = machine.traffic.count();
  story.say('');
  story.say(
    `${failedUntil - failedBefore} requests failed in the meantime. In the ${afterwardsMs / 1_000} s since, ${failed - failedUntil} of ${sent - sentUntil} did, although the new code path is still broken.`,
  );
}
