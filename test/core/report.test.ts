/** What a report says of a rollback that wrote nothing. */
import { expect, it } from 'vitest';
import { nextEntry, type AuditEntry, type AuditKind } from '../../src/core/audit.js';
import { reportTexts, resultIn } from '../../src/core/pack-files.js';
import { aPlan } from '../support/a-plan.js';

const plan = aPlan();
const at = '2026-12-01T08:00:00.000Z';
const message = { message: 'rollback', by: 'ola', reason: 'support calls' };

it.each<[string, readonly [AuditKind, AuditEntry['data']][], string]>([
  [
    'of no flag, asked for by a person',
    [
      ['message', message],
      ['rollback', { askedAt: at, written: false, why: 'There is no flag x. Nothing was written.' }],
    ],
    'by ola: support calls\n- Not written: There is no flag x. Nothing was written.\n',
  ],
  [
    'of a flag that belongs to somebody else, asked for by nobody',
    [['rollback', { askedAt: at, written: false, found: { owner: 'rollout/production/x@2' } }]],
    'by holdpoint\n- Not written: The flag belonged to rollout/production/x@2; nothing was written.\n',
  ],
])('%s', (_, story, said) => {
  const audit: AuditEntry[] = [];
  for (const [kind, data] of [...story, ['closed', { outcome: 'refused', percent: 0, reason: '' }] as const])
    audit.push(nextEntry(audit, { at, kind, data }));
  const texts = reportTexts({ plan, audit, result: resultIn(audit), rollout: 'rollout/production/x', runId: 'run' });
  expect(texts['report.md']).toContain(`## Rollback\n\n- Asked 2026-12-01 08:00 UTC ${said}`);
});
