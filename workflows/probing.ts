/** Checklist items that the world answers: asked at each look of their gate. */
import { askAll } from '../src/core/ask-checks.js';
import { iso } from '../src/core/instant.js';
import { answerProbe } from '../src/core/probe.js';
import { askWorld } from './asking-the-world.js';
import { record } from './recording.js';
import { gateOf, type Run } from './run.js';

export async function runProbes(run: Run): Promise<void> {
  const items = gateOf(run).checklist.filter(({ probe }) => probe !== null);
  if (items.length === 0) return;
  const wantsMetrics = items.some(({ probe }) => probe === 'metrics-have-data');
  const asked = wantsMetrics ? askAll(run.plan) : [];
  const facts = await askWorld(run, asked, `probes: ${items.map(({ id }) => id).join(', ')}`);
  const proven = { percent: run.intended, fence: run.fence, owner: run.owner };
  for (const { id, probe } of items) {
    if (probe === null) continue;
    const answer = answerProbe(probe, facts, proven);
    const before = run.gate.probed[id];
    run.gate.probed[id] = { ...answer, at: iso(Date.now()) };
    // A probe is asked at each look; only a new answer is news for the audit.
    if (before?.ok === answer.ok && before.detail === answer.detail) continue;
    record(run, 'probe', { stage: run.stage, item: id, probe, ...answer, archived: facts.archived });
  }
}
