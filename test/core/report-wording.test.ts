/** What a report says of a fixed story. `audit verify` compares reports word by word within one wording. */
import { expect, it } from 'vitest';
import { nextEntry, type AuditEntry, type AuditKind } from '../../src/core/audit.js';
import { goodEntries } from '../../src/core/read-audit.js';
import { reportTexts, resultIn } from '../../src/core/pack-files.js';
import { reportWording } from '../../src/core/report.js';
import { aPlan, aStage } from '../support/a-plan.js';

const plan = aPlan({ stages: [aStage(10, 4), aStage(100, 4)] });
const written = { state: 'proven', fence: 1, revision: 'r', by: 'dana', reason: 'support calls' } as const;
const at = (minute: number): string => new Date(Date.parse('2026-12-01T08:00:00Z') + minute * 60_000).toISOString();
const receipt = (percent: number, minute: number) => ({
  ...written,
  percent,
  writtenAt: at(minute),
  provenAt: at(minute),
});
const evidenceDigest = `sha256:${'e'.repeat(64)}`;
const verdict = { stage: 1, evidenceDigest, evidenceAt: at(0), evidence: {} };

/** Every kind, and of some what differs in words. */
const story: readonly (readonly [AuditKind, AuditEntry['data']])[] = [
  ['started', { rollout: 'rollout/production/x', runId: 'run', plan: 'day0', planDigest: plan.digest, by: 'dana' }],
  ['continued', { events: 9_000 }],
  ['claim', { refused: 'not-at-zero', found: {} }],
  ['claim', { receipt: receipt(0, 2) }],
  ['flip', { stage: 1, percent: 10, refused: 'changed-since', found: {} }],
  ['flip', { stage: 1, receipt: receipt(10, 4) }],
  ['smoke', { stage: 1, suite: 'reporting', outcome: 'passed', at: at(5), durationMs: 1, steps: [] }],
  ['probe', { stage: 1, item: 'dashboards', probe: 'metrics-have-data', ok: true, detail: 'all have data' }],
  ['verdict', { ...verdict, scope: 'watch', outcome: 'pass', headline: 'not in the timeline' }],
  ['verdict', { ...verdict, scope: 'gate', outcome: 'pass', headline: 'All 5 checks pass.' }],
  ['move', { stage: 1, move: 'ask', row: 'people', sentence: 'Waiting for a go.' }],
  ['message', { message: 'attest', by: 'lee', item: 'dashboards' }],
  ['message', { message: 'pause', by: 'lee', why: 'lunch' }],
  ['message', { message: 'rollback', by: 'lee', reason: 'a | in | it' }],
  ['decision', { stage: 1, decision: 'go', by: 'sam', role: 'sre', at: at(12), reason: 'fine', evidenceDigest }],
  ['decision', { stage: 1, decision: 'no-go', by: 'ria', role: 'sre', at: at(13), reason: null, evidenceDigest: 'x' }],
  ['lapse', { stage: 1, because: 'It got worse.', lapsed: [] }],
  ['refusal', { message: 'go', by: 'eve', why: 'no seat' }],
  ['deadline', { of: 'decision', stage: 1, action: 'pause' }],
  ['deadline', { of: 'checklist', stage: 1, item: 'dashboards', action: 'ask' }],
  ['drift', { found: {} }],
  ['breach', { from: 'guard', stage: 1, confirmed: true, evidenceDigest, samples: [] }],
  ['breach', { from: 'outside', stage: 1, confirmed: false, evidenceDigest, samples: [] }],
  ['trouble', { what: 'records not exported', detail: 'the disk is full' }],
  ['rollback', { askedAt: at(20), receipt: receipt(0, 21) }],
  ['rollback', { askedAt: at(20), written: false, why: 'nothing was written' }],
  ['closed', { outcome: 'rolled-back', percent: 0, reason: 'support calls' }],
];

it('is as it was written down, or has another wording', async () => {
  const audit: AuditEntry[] = [];
  for (const [index, [kind, data]] of story.entries()) audit.push(nextEntry(audit, { at: at(index), kind, data }));
  expect(goodEntries(audit).bad).toBeNull();
  const texts = reportTexts({ plan, audit, result: resultIn(audit), rollout: 'rollout/production/x', runId: 'run' });
  const hint = `Reports read otherwise now. If wording ${reportWording} is released: raise reportWording. Then run with -u`;
  for (const [file, text] of Object.entries(texts)) {
    // Digests change with the plan's fields, not with the words.
    const words = text.replaceAll(/sha256:[0-9a-f]{64}/g, 'sha256:…');
    await expect(words, hint).toMatchFileSnapshot(`../goldens/wording-${reportWording}-${file}`);
  }
});
