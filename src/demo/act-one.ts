/** Act 1: a healthy release goes to 100 percent, with two people at a hold point. */
import type { AuditEntry } from '../core/audit.js';
import type { RolloutRef, RolloutSummary } from '../find-rollout.js';
import { followRollout } from './follow-rollout.js';
import { pause, type Scene } from './scene.js';

interface Voice {
  readonly by: string;
  readonly role: string;
  readonly reason: string;
  /** Whether the plan lets this person decide. */
  readonly counts: boolean;
}

const starter = 'dana';

const voices: readonly Voice[] = [
  { by: starter, role: 'release-manager', reason: 'it is my release', counts: false },
  { by: 'mira', role: 'release-manager', reason: 'the numbers are good at half of the users', counts: true },
  { by: 'tomas', role: 'sre', reason: 'the error budget is untouched', counts: true },
];

/** Long enough to read the numbers that are asked about. */
const readingMs = 1_200;

export async function playActOne(scene: Scene): Promise<RolloutSummary> {
  const { client, plan } = scene;
  const rollout = await client.start(plan, { by: starter });
  const { outcome, reason } = await followRollout(scene, rollout, (entry) =>
    asksPeople(entry) ? answer(scene, rollout) : null,
  );
  if (outcome !== 'completed') throw new Error(`Act 1 was to end at 100 %, but the rollout ${outcome}: ${reason}`);
  return rollout;
}

const asksPeople = ({ kind, data }: AuditEntry): boolean =>
  kind === 'move' && data['move'] === 'ask' && data['row'] === 'people';

async function answer(scene: Scene, rollout: RolloutRef): Promise<void> {
  for (const voice of voices) {
    await pause(scene, readingMs);
    await decide(scene, rollout, voice);
  }
}

/** Bound to the plan and to the evidence that the person saw. The audit tells it, refused or not. */
async function decide({ client, plan }: Scene, rollout: RolloutRef, voice: Voice): Promise<void> {
  const { by, role, reason, counts } = voice;
  const { stage, verdict } = await client.status(rollout);
  const { accepted, reason: why } = await client.decide(rollout, {
    decision: 'go',
    by,
    role,
    reason,
    stage,
    planDigest: plan.digest,
    ...(verdict === null ? {} : { evidenceDigest: verdict.evidenceDigest }),
  });
  if (accepted === counts) return;
  throw new Error(`The go of ${by} was to be ${counts ? 'accepted' : 'refused'}, but was not: ${why}`);
}
