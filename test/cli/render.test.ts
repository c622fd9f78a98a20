/** What people read: status, reasons, lists, receipts and endings as text. */
import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { RollbackAnswer, RolloutStatus, WhyAnswer } from '../../src/core/rollout-shapes.js';
import type { RolloutSummary } from '../../src/find-rollout.js';
import { codeOfEnd, type FollowEnd } from '../../src/cli/follow.js';
import { plain } from '../../src/cli/plain.js';
import { renderColumns } from '../../src/cli/render/columns.js';
import { renderEnd } from '../../src/cli/render/end.js';
import { renderList } from '../../src/cli/render/list.js';
import { renderPromises } from '../../src/cli/render/promises.js';
import { renderReceipt } from '../../src/cli/render/receipt.js';
import { renderStatus } from '../../src/cli/render/status.js';
import { renderStatusLine, statusKey } from '../../src/cli/render/status-line.js';
import { renderWhy } from '../../src/cli/render/why.js';
import { aFinding, aStatus } from '../support/a-status.js';

const paint = pc.createColors(false);
const nowMs = Date.parse('2026-12-01T12:00:00Z');

const show = (status: RolloutStatus, blockers: WhyAnswer['blockers'] = []): string =>
  renderStatus({ status, why: { blockers }, name: 'production/saves', nowMs }, paint);

it('a promised update that did not come says so, and how to send it or to end the promise', () => {
  const promise = { kind: 'promise', comms: 'comms/production/saves', by: 'mira', state: 'late' } as const;
  const saves = { environment: 'production', flag: 'saves', nextUpdateAt: '2026-12-01T11:00:00.000Z' };
  expect(renderPromises([{ ...promise, ...saves }], paint)).toEqual([
    '',
    'Update owed  production/saves  mira promised readers one by 2026-12-01 11:00 UTC',
    '  it did not come in time',
    '  to send it: holdpoint comms send TEMPLATE production/saves --plan PLAN',
    '  nobody waits for it: holdpoint comms close production/saves --reason "why"',
  ]);
});

describe('status', () => {
  it('says which channel does not take what it is told', () => {
    const sentence = 'The channel mail does not take what it is told since 12:00 UTC.';
    const silent = [{ channel: 'mail', since: '2026-12-01T11:00:00Z', sentence }];
    expect(show(aStatus({ silent }))).toContain(`Not told    ${sentence}`);
    expect(show(aStatus())).not.toContain('Not told');
  });

  it('fits on one screen and names who can change it', () => {
    expect(show(aStatus()).split('\n')).toEqual([
      'production/saves  asking  stage 2 of 4',
      'day0, started by dana, plan abababababab, fence 7',
      '',
      'Percent     intended 25 %   observed 25 %  (11:59:55 UTC, 5 s ago)',
      'Since       11:50 UTC, 10 min ago',
      'Verdict     pass  All 1 checks pass.',
      '            evidence cdcdcdcdcdcd, 11:59 UTC, 1 min ago',
      '            pass  rollback  Autosave success is 99.91 %, limit at least 99.5 %.',
      'Next        Waiting for a go from sre.',
      'Asked       release-manager: 1 of 1 until 13:50 UTC, in 1 h 50 min',
      '            sre: 0 of 1 until 13:50 UTC, in 1 h 50 min',
      'Decided     ria said go as release-manager (11:58 UTC, 2 min ago)',
      'Can change  sre: holdpoint go production/saves --role sre   or no-go',
      '            anyone: holdpoint pause production/saves --reason "why"',
      '            anyone: holdpoint rollback production/saves',
    ]);
  });

  it('shows a drift side by side, and a flag that was not read yet', () => {
    const drifted = aStatus({ percent: { intended: 25, observed: null, observedAt: '2026-12-01T12:00:00Z' } });
    expect(show(drifted)).toContain('intended 25 %   observed unknown');
    const fresh = aStatus({ percent: { intended: 0, observed: null, observedAt: null }, verdict: null, asked: null });
    expect(show(fresh)).toContain('intended 0 %   observed: not read yet');
    expect(show(fresh)).toContain('Verdict     none yet');
  });

  it('says since when looks cannot read it, and why', () => {
    const percent = { intended: 25, observed: 25, observedAt: '2026-12-01T11:55:00Z' };
    const unread = { since: '2026-12-01T11:59:00Z', problem: 'flags.json is not a flag document.' };
    expect(show(aStatus({ percent: { ...percent, unread } }))).toContain(
      'Unreadable  since 11:59 UTC, 1 min ago: flags.json is not a flag document.',
    );
    expect(show(aStatus({ percent }))).not.toContain('Unreadable');
  });

  it('says the same finding of watch and gate once, and different ones both', () => {
    const [gate, watch] = [aFinding(), aFinding({ scope: 'watch' })];
    const verdict = { ...aStatus().verdict!, findings: [gate, watch] };
    expect(show(aStatus({ verdict })).match(/99\.91/g)).toHaveLength(1);
    const worse = { ...verdict, findings: [gate, { ...watch, outcome: 'fail' as const, sentence: 'It is 50 %.' }] };
    expect(show(aStatus({ verdict: worse }))).toContain('It is 50 %.');
  });

  it('offers a resume in a pause, a checklist item to attest, and only records at the end', () => {
    const blocker = (kind: 'pause' | 'drift') => [{ kind, sentence: 'Held.', until: null, who: [] }];
    const paused = aStatus({ state: 'paused' });
    expect(show(paused, blocker('pause'))).toContain('holdpoint resume production/saves --reason "why"');
    expect(show(paused, blocker('drift'))).not.toContain('holdpoint resume');
    const asked = {
      ...aStatus().asked!,
      checklist: [{ id: 'dash', title: 'Dashboard shows data', role: 'sre', due: null }],
    };
    expect(show(aStatus({ asked }))).toContain('sre: holdpoint attest dash production/saves');
    const receipt = { written: false, by: 'holdpoint', reason: 'Not claimed yet.' } as const;
    const ended = show(aStatus({ state: 'rolled-back', asked: null, receipt }));
    expect(ended).toContain('nothing was written: Not claimed yet.');
    expect(ended).toContain('holdpoint report production/saves');
    expect(ended).not.toContain('holdpoint rollback');
  });

  it('of a rollback under way offers nothing else, and says once what keeps it', () => {
    const next = { move: 'roll-back', sentence: 'The disk is full. Still trying.', at: null } as const;
    const stuck = aStatus({ state: 'needs-a-human', asked: null, next });
    const blocker = { kind: 'rollback', until: null, who: [] } as const;
    const sentences = ['ola asked for a rollback: errors', next.sentence];
    const shown = show(
      stuck,
      sentences.map((sentence) => ({ ...blocker, sentence })),
    ).split('\n');
    expect(shown.slice(shown.findIndex((line) => line.startsWith('Next')))).toEqual([
      'Next         The disk is full. Still trying.',
      'Waiting for  ola asked for a rollback: errors',
      'Can change   anyone: holdpoint rollback production/saves   waits for the receipt',
      '             anyone: holdpoint rollback production/saves --break-glass --reason "why"   writes without Temporal',
    ]);
  });

  it('as a line says what a log needs, and changes only when something did', () => {
    expect(renderStatusLine(aStatus(), nowMs)).toBe(
      '2026-12-01 12:00 UTC  asking  stage 2/4  intended 25 %, observed 25 %  verdict pass  asked release-manager 1/1, sre 0/1  Waiting for a go from sre.',
    );
    const later = aStatus({ percent: { ...aStatus().percent, observedAt: '2026-12-01T12:00:10Z' } });
    expect(statusKey(later)).toBe(statusKey(aStatus()));
    expect(statusKey(aStatus({ state: 'paused' }))).not.toBe(statusKey(aStatus()));
  });
});

describe('the rest', () => {
  it('why: what, until when, who', () => {
    const blockers = [
      { kind: 'decision', sentence: 'sre: 0 of 1.', until: '2026-12-01T12:10:00Z', who: ['sre'] },
    ] as const;
    expect(renderWhy({ blockers }, { nowMs, paint })).toBe(
      'decision  sre: 0 of 1.  12:10 UTC, in 10 min  can change it: sre',
    );
    expect(renderWhy({ blockers: [] }, { nowMs, paint })).toBe('Nothing stands in the way.');
  });

  it('list: a table, and what to do without one', () => {
    expect(renderList([], paint)).toContain('holdpoint start PLAN');
    const row: RolloutSummary = {
      kind: 'rollout',
      rollout: 'rollout/production/saves',
      runId: 'r',
      endedRunId: null,
      flag: 'saves',
      environment: 'production',
      plan: null,
      startedBy: null,
      startedAt: '2026-12-01T08:00:00.000Z',
      closedAt: null,
      open: true,
      state: 'holding',
      percent: 10,
    };
    expect(renderList([row], paint).split('\n')).toEqual([
      'ROLLOUT           STATE    PERCENT  PLAN  STARTED BY  STARTED               ENDED',
      'production/saves  holding  10 %     –     –           2026-12-01 08:00 UTC  open',
    ]);
  });

  it('receipt: proof and time; nothing written says why', () => {
    const answer: RollbackAnswer = {
      written: true,
      state: 'proven',
      percent: 0,
      fence: 8,
      revision: 'x',
      writtenAt: '2026-12-01T12:00:00.010Z',
      provenAt: '2026-12-01T12:00:00.020Z',
      by: 'sam',
      reason: 'bad',
    };
    expect(renderReceipt({ name: 'production/saves', answer, tookMs: 58 }, paint).split('\n')).toEqual([
      'production/saves  at 0 %, proven, 58 ms after you asked',
      '  written 2026-12-01 12:00 UTC, read back 2026-12-01 12:00 UTC, fence 8',
      '  asked by sam: bad',
    ]);
    const before = renderReceipt({ name: 'x', answer, tookMs: null, note: 'It was taken back before.' }, paint);
    expect(before).not.toContain('after you asked');
    expect(before).toContain('It was taken back before.');
    const nothing = { written: false, by: 'sam', reason: 'The flag was not claimed yet.' } as const;
    expect(renderReceipt({ name: 'x', answer: nothing, tookMs: 5 }, paint)).toContain(
      'nothing was written. The flag was',
    );
  });

  it.each([
    ['completed', 0],
    ['rolled-back', 5],
    ['refused', 4],
    ['superseded', 4],
  ] as const)('an outcome %s is exit %i', (outcome, code) => {
    const end: FollowEnd = {
      kind: 'ended',
      result: { outcome, percent: 0, reason: 'Because.', auditHead: '', receipt: null },
    };
    expect(codeOfEnd(end)).toBe(code);
    expect(renderEnd(end, 'production/saves', paint)).toContain(`${outcome} at 0 %. Because.`);
  });

  it.each([
    [{ kind: 'paused' }, 6, 'holdpoint resume'],
    [{ kind: 'timed-out' }, 6, 'holdpoint watch'],
    [{ kind: 'ended-outside', message: 'It was terminated.' }, 4, 'It was terminated.'],
  ] as const)('%j', (end, code, said) => {
    expect(codeOfEnd(end)).toBe(code);
    expect(renderEnd(end, 'production/saves', paint)).toContain(said);
  });

  it('text from elsewhere cannot move the cursor, recolour a verdict or fake a line', () => {
    const nasty = { by: 'eve\u001b[2J\u001b[32mpass\u202e', lines: ['one\ntwo\tthree'], count: 3, none: null };
    expect(plain(nasty)).toEqual({ by: 'eve[2J[32mpass', lines: ['one two three'], count: 3, none: null });
  });

  it('columns line up by what is seen, not by what is coloured', () => {
    const red = pc.createColors(true).red;
    const [first = '', second = ''] = renderColumns([
      [red('fail'), 'a'],
      ['insufficient', 'b'],
    ]);
    expect(stripVTControlCharacters(first).indexOf('a', 4)).toBe(second.indexOf('b'));
  });
});
