/** What the doctor makes of what it sees: tables of numbers and sentences. */
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../src/cli/commands/doctor.js';
import { renderDiagnosis } from '../../src/cli/render/diagnosis.js';
import type { Reading } from '../../src/core/sample.js';
import { judgeClock } from '../../src/doctor/clock-skew.js';
import { judgeSpace } from '../../src/doctor/disk-space.js';
import { fullCapabilities } from '../../src/adapters/flags/flag-store.js';
import { capabilitiesLine } from '../../src/doctor/flag-store.js';
import { ok, unreachable, warn, wrong, type DoctorLine } from '../../src/doctor/line.js';
import { judgeReading } from '../../src/doctor/plan-data.js';
import { judgeAttributes } from '../../src/doctor/search-attributes.js';
import { judgeSlots } from '../../src/doctor/worker-queues.js';
import { aCheck } from '../support/a-plan.js';

const said = ({ level, cause, saw }: DoctorLine): string => `${cause ?? level}: ${saw}`;

describe('a clock', () => {
  it.each([
    [0, "ok: its clock and this machine's agree within 100 ms"],
    [2_000, "ok: its clock and this machine's agree within 2 s"],
    [2_500, "warn: its clock is 3 s ahead of this machine's"],
    [-2_500, "warn: its clock is 3 s behind this machine's"],
    [30_000, "warn: its clock is 30 s ahead of this machine's"],
    [31_000, "wrong: its clock is 31 s ahead of this machine's"],
    [-3_600_000, "wrong: its clock is 1 h behind this machine's"],
  ])('off by %i ms', (offMs, sentence) => {
    const beforeMs = Date.UTC(2026, 11, 1);
    const afterMs = beforeMs + 100;
    const theirsMs = offMs > 0 ? afterMs + offMs : beforeMs + offMs;
    const line = judgeClock('clock', 'its clock', { theirsMs, beforeMs, afterMs });
    expect(said(line)).toBe(sentence);
    if (line.level !== 'ok') expect(line.todo).toContain('timedatectl');
  });
});

describe('a disk', () => {
  const MiB = 1_048_576;
  it.each([
    [99, 1_000, 'wrong: 99 MiB of 1000 MiB free'],
    [100, 1_000, 'warn: 100 MiB of 1000 MiB free'],
    [1_023, 10_000, 'warn: 1023 MiB of 9.8 GiB free'],
    [1_024, 10_000, 'ok: 1.0 GiB of 9.8 GiB free'],
    [1_024, 100_000, 'warn: 1.0 GiB of 97.7 GiB free'],
    [0, 0, 'ok: this file system does not say how large it is'],
  ])('%i MiB of %i MiB', (free, whole, sentence) => {
    expect(said(judgeSpace('disk', { freeBytes: free * MiB, wholeBytes: whole * MiB }))).toBe(sentence);
  });
});

describe('guard slots', () => {
  it('are enough, or name how many rollouts have none', () => {
    expect(said(judgeSlots({ open: 200, workers: 1, slotsEach: 200 }))).toBe(
      'ok: 200 open rollouts, 200 guard slots (1 worker with 200 each, by worker.guardSlots here)',
    );
    const short = judgeSlots({ open: 1_201, workers: 2, slotsEach: 200 });
    expect(said(short)).toContain('warn: 1,201 open rollouts, 400 guard slots');
    expect(said(short)).toContain('801 rollouts have looks, but no guard');
    expect(short.todo).toContain('holdpoint worker');
  });
});

describe('search attributes', () => {
  const all = { RolloutFlag: 2, RolloutEnvironment: 2, RolloutState: 2, RolloutPercent: 4 };
  it('are all there, are missing, or have another type', () => {
    expect(judgeAttributes({ ...all, Other: 1 }, 'default').level).toBe('ok');
    const { RolloutPercent: _, ...some } = all;
    const missing = judgeAttributes(some, 'team');
    expect(said(missing)).toBe('wrong: not registered: RolloutPercent');
    expect(missing.todo).toContain('--namespace team --name RolloutPercent --type Double');
    expect(said(judgeAttributes({ ...all, RolloutState: 1 }, 'default'))).toBe(
      'wrong: of another type: RolloutState must be Keyword',
    );
  });
});

describe('capabilities', () => {
  it('are stated, with the price of each that is missing', () => {
    const full = fullCapabilities;
    expect(said(capabilitiesLine('store', full))).toContain('ok: has compare-and-set, fence, read-back');
    const some = said(capabilitiesLine('store', { ...full, fence: false }));
    expect(some).toContain(
      'warn: has compare-and-set, read-back, owner; no fence: a flip in flight may land after a rollback',
    );
    const none = said(
      capabilitiesLine('store', { ...full, compareAndSet: false, fence: false, readBack: false, owner: false }),
    );
    expect(none).toMatch(/^warn: no compare-and-set: .*; no fence: .*; no read-back: .*; no owner: /);
    expect(said(capabilitiesLine('store', { ...full, percentStep: 1 }))).toMatch(/^ok: .*; knows steps of 1 %$/);
  });
});

describe('the data of a check', () => {
  const check = aCheck('saves', { minEvents: 4_000 });
  it.each<[Reading, string]>([
    [
      { kind: 'value', value: 0.9991, raw: '0.9991', events: 5_120 },
      'ok: has data: 99.91 %, 5,120 events over 15 min, limit at least 99.5 %',
    ],
    [
      { kind: 'value', value: 0.9991, raw: '0.9991', events: 310 },
      'ok: has data: 99.91 %, 310 events over 15 min, limit at least 99.5 %; needs 4,000 events to pass',
    ],
    [
      { kind: 'value', value: 0.9, raw: '0.9' },
      'warn: has data: 90 % over 15 min, limit at least 99.5 %: outside its limit already',
    ],
    [{ kind: 'no-data' }, 'warn: no data over 15 min: the source answered that there is nothing'],
    [{ kind: 'invalid', reason: 'nan', detail: 'the value is NaN' }, 'warn: invalid over 15 min: the value is NaN'],
    [
      { kind: 'invalid', reason: 'several-series', detail: 'the value is 2 series' },
      'wrong: invalid over 15 min: the value is 2 series',
    ],
    [{ kind: 'unavailable', reason: 'timeout', detail: 'too slow' }, 'unreachable: unavailable: too slow'],
    [{ kind: 'unavailable', reason: 'bad-query', detail: 'no such function' }, 'wrong: unavailable: no such function'],
    [{ kind: 'unavailable', reason: 'stale', detail: 'an hour old' }, 'wrong: unavailable: an hour old'],
  ])('%j', (reading, sentence) => {
    expect(said(judgeReading(check, reading))).toBe(sentence);
  });
});

describe('what the command makes of it', () => {
  it('unreachable before wrong, and warnings are no failure', () => {
    const fine = ok('a', 'fine');
    expect(codeOf([fine, warn('b', 'so so', 'look')])).toBe(0);
    expect(codeOf([fine, wrong('b', 'bad', null)])).toBe(8);
    expect(codeOf([wrong('b', 'bad', null), unreachable('c', 'gone', null)])).toBe(7);
  });

  it('a line each, what to do below it, and a last line that says whether to go on', () => {
    const paint = pc.createColors(false);
    const lines = [ok('temporal', 'fine'), warn('disk', 'little', 'Free some space'), wrong('archive', 'full', null)];
    expect(renderDiagnosis(lines, paint).split('\n')).toEqual([
      'ok    temporal  fine',
      'warn  disk      little',
      '      → Free some space',
      'fail  archive   full',
      '',
      'Not ready: 1 fail, 1 warn, 1 ok.',
    ]);
    expect(renderDiagnosis([ok('a', 'b')], paint)).toContain('Everything is ready');
    expect(renderDiagnosis([warn('a', 'b', null)], paint)).toContain('Ready, with 0 fail, 1 warn');
  });
});
