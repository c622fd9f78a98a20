/** The pack's records in the archive: they only grow, whatever comes twice, late, or in another order. */
import { ApplicationFailure } from '@temporalio/common';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createRecords } from '../../activities/records.js';
import { openMemoryArchive, type MemoryArchive } from '../../src/adapters/archive/memory-archive.js';
import type { Archive } from '../../src/adapters/archive/archive.js';
import { nextEntry, type AuditEntry } from '../../src/core/audit.js';
import { renderAudit } from '../../src/core/audit-text.js';
import { resultIn } from '../../src/core/pack-files.js';
import { aPlan } from '../support/a-plan.js';

const plan = aPlan();
const audit: AuditEntry[] = [];
const add = (kind: AuditEntry['kind'], data: AuditEntry['data']): void => {
  audit.push(nextEntry(audit, { at: `2026-12-01T08:00:${String(audit.length).padStart(2, '0')}.000Z`, kind, data }));
};
add('started', { rollout: 'rollout/production/x', runId: 'run', plan: 'day0', planDigest: plan.digest, by: 'dana' });
for (let count = 0; count < 10; count += 1) add('trouble', { what: `number ${count}` });
add('closed', { outcome: 'completed', percent: 100, reason: 'done' });

let archive: MemoryArchive;
let records: ReturnType<typeof createRecords>;
beforeEach(() => {
  archive = openMemoryArchive();
  records = recordsOn(archive);
});

const recordsOn = (on: Archive) =>
  createRecords({ archive: on, announcers: new Map() } as unknown as Parameters<typeof createRecords>[0]);

const exported = (entries: readonly AuditEntry[], closing = false): Promise<void> =>
  records.exportRecords({
    pack: 'p',
    plan,
    entries,
    result: closing ? resultIn(audit) : null,
    rollout: 'rollout/production/x',
    runId: 'run',
  });

const kept = (): string => archive.files.get('p/audit.jsonl') ?? '';

it('any overlapping exports in any order that leaves no hole end with the whole file', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(11), fc.nat(12)), { maxLength: 8 }), async (ranges) => {
      archive = openMemoryArchive();
      records = recordsOn(archive);
      let lines = 0;
      for (const [from, to] of ranges) {
        const entries = audit.slice(from, to);
        const hole = entries.length > 0 && from > lines;
        if (hole) await expect(exported(entries)).rejects.toThrow(`entries ${lines + 1} to ${from} are missing`);
        else {
          await exported(entries);
          lines = Math.max(lines, from < to ? to : 0);
        }
        expect(kept()).toBe(renderAudit(audit.slice(0, lines)));
      }
    }),
  );
});

it('a worker that died between two files is made good by the repetition', async () => {
  let left = 1;
  records = recordsOn({
    get: (path) => archive.get(path),
    put: (path, text) => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('killed')) : archive.put(path, text);
    },
  });
  await expect(exported(audit, true)).rejects.toThrow('killed');
  records = recordsOn(archive);
  await exported(audit, true);
  expect([...archive.files.keys()].sort()).toEqual(['p/audit.jsonl', 'p/plan.json', 'p/report.json', 'p/report.md']);
});

describe('is refused with words, and can be tried again', () => {
  const spoilt: readonly [string, () => string, string][] = [
    ['a hole', () => renderAudit(audit.slice(0, 3)), 'entries 4 to 6 are missing'],
    ['a torn file', () => renderAudit(audit.slice(0, 6)).slice(0, -9), 'entry 6 of what was kept before is not JSON'],
    [
      'an edited file',
      () => renderAudit(audit.slice(0, 6)).replace('number 2', 'number 9'),
      'entry 4 of what was kept',
    ],
    ['something else', () => 'hello\n', 'entry 1 of what was kept before is not JSON'],
  ];

  it.each(spoilt)('%s', async (_, text, problem) => {
    await archive.put('p/audit.jsonl', text());
    const error: unknown = await exported(audit.slice(6)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApplicationFailure);
    expect(error).toMatchObject({ type: 'AdapterError:refused', nonRetryable: false });
    expect((error as Error).message).toContain('The audit was not written to p/audit.jsonl in the archive: ');
    expect((error as Error).message).toContain(problem);
    expect((error as Error).message).toContain('holdpoint audit export');
    expect(kept()).toBe(text());
  });
});
