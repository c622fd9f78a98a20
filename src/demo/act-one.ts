/** Act 1: a healthy release goes to 100 percent, with two people at a hold point. */
import type { AuditEntry } from '../core/audit.js';
import type { RolloutRef, RolloutSummary } from '../find-rollout.js';
import { followRollout } from './follow-rollout.js';
import { pause, type Scene } from './scene.js';

const starter = 'dana';
/** Long enough to read the numbers that are asked about. */
const readingMs = 1_200;

export async function playActOne(scene: Scene): Promise<RolloutSummary> {
  const { client, plan } = scene;
  const rollout = await client.start(plan, { by: starter });
  const { outcome, reason } = await followRollout(scene, rollout, (entry) => answerWhenAsked(scene, rollout, entry));
  if (outcome !== 'completed') throw new Error(`Act 1 was to end at 100 %, but the rollout ${outcome}: ${reason}`);
  return rollout;
}

async function answerWhenAsked(scene: Scene, rollout: RolloutRef, { kind, data }: AuditEntry): Promise<void> {
  if (kind !== 'move' || data['move'] !== 'ask' || data['row'] !== 'people') return;
  await pause(scene, readingMs);
  await decide(scene, rollout, { by: starter, role: 'release-manager', reason: 'it is my release' });
  await pause(scene, readingMs);
  await decide(scene, rollout, {
    by: 'mira',
    role: 'release-manager',
    reason: 'numbers are good at half of the users',
  });
  await pause(scene, readingMs);
  await decide(scene, rollout, { by: 'tomas', role: 'sre', reason: 'error budget is untouched' });
}

/** Bound to the plan and to the evidence that the person saw. The answer shows up in the audit, refused or not. */
async function decide(
  { client, plan }: Scene,
  rollout: RolloutRef,
  who: { readonly by: string; readonly role: string; readonly reason: string },
): Promise<void> {
  const { stage, verdict } = await client.status(rollout);
  await client.decide(rollout, {
    ...who,
    decision: 'go',
    stage,
    planDigest: plan.digest,
    ...(verdict === null ? {} : { evidenceDigest: verdict.evidenceDigest }),
  });
}
