/** What others' rule engines were surprised by: which of two reasons wins, and what each severity may do. Pure. */
import { expect, it } from 'vitest';
import type { Evidence } from '../../src/core/evidence.js';
import { nextMove, type Move, type MoveRow, type Situation } from '../../src/core/move.js';
import type { Policy, Severity } from '../../src/core/plan.js';
import type { Reading } from '../../src/core/sample.js';
import { judge } from '../../src/core/verdict.js';
import { aCheck, aGate, aPlan, aStage } from '../support/a-plan.js';
import { at, clear, verdict } from '../support/a-situation.js';
import { failing, healthy } from '../support/a-world.js';
import { readPage } from '../support/doc-pages.js';

const noon = new Date(at).toISOString();
const minute = 60_000;

/** Evidence of one look: a reading for each check. */
function evidence(readings: Readonly<Record<string, Reading>>, changes: Partial<Evidence> = {}): Evidence {
  return {
    at: noon,
    stage: 1,
    percent: 10,
    flippedAt: '2026-12-01T08:00:00.000Z',
    scope: 'gate',
    flag: null,
    samples: Object.entries(readings).flatMap(([check, reading]) =>
      (['watch', 'gate'] as const).map((scope) => ({ check, scope, at: noon, windowMs: 15 * minute, reading })),
    ),
    smoke: [],
    streaks: {},
    ...changes,
  };
}

const said = ({ kind, row }: Move): string => `${kind} ${row}`;

/** The situation after a look in which the only check, of that severity, failed in one window of one. */
function afterAFailure(severity: Severity): Situation {
  const plan = aPlan({
    checks: { saves: aCheck('saves', { severity, consecutive: 1 }) },
    watch: { everyMs: 15 * minute, guardMs: 15_000, checks: ['saves'] },
    stages: [aStage(10, 1, aGate({ checks: ['saves'] })), aStage(100, 1)],
  });
  const { verdict: gate, breaches } = judge(plan, evidence({ saves: failing }));
  return { ...clear, gate, breach: breaches[0]?.sentence ?? null };
}

it('peer 22 (Argo BackgroundAnalysisLongRunningJob): what never finished is no success: a suite or a check that was not asked is inconclusive', () => {
  const plan = aPlan({ stages: [aStage(10, 1, aGate({ smoke: ['reporting'] })), aStage(100, 1)] });
  const headline = (given: Evidence) => {
    const { verdict: found } = judge(plan, given);
    return `${found.outcome}: ${found.headline}`;
  };
  const green = { suite: 'reporting', outcome: 'passed', at: noon, durationMs: 1, steps: [] } as const;
  const stopped = { ...green, outcome: 'unavailable', detail: 'the run was stopped before it was over' } as const;
  const numbers = { 'autosave-success': healthy };
  expect(headline(evidence(numbers, { smoke: [green] }))).toBe('pass: All 2 checks pass.');
  expect(headline(evidence(numbers))).toBe('inconclusive: Smoke suite reporting was not run.');
  expect(headline(evidence(numbers, { smoke: [stopped] }))).toBe(
    'inconclusive: Smoke suite reporting could not be run (the run was stopped before it was over).',
  );
  expect(headline(evidence({}, { smoke: [green] }))).toBe('inconclusive: autosave-success was not asked.');
});

it('peer 53 (GrowthBook "ignores non-guardrail lost metrics"): only rollback and block decide; warn and observe are shown', () => {
  const severities: readonly Severity[] = ['rollback', 'block', 'warn', 'observe'];
  expect(severities.map((severity) => [severity, said(nextMove(afterAFailure(severity)))])).toEqual([
    ['rollback', 'roll-back breach'],
    ['block', 'ask gate'],
    ['warn', 'advance clear'],
    ['observe', 'advance clear'],
  ]);
  for (const severity of severities)
    expect(afterAFailure(severity).gate?.findings.map(({ outcome }) => outcome)).toEqual(['fail', 'fail']);
});

it('peer 54 (GrowthBook SRM hold, rollback, warn): the same trouble holds, rolls back or is only shown, as the plan says', () => {
  const policy = (changes: Partial<Policy>): Policy => ({ ...clear.policy, ...changes });
  const noGo = { by: 'sam', role: 'sre', reason: null };
  const drift = { sentence: 'Somebody changed the flag.', above: true };
  const table: readonly [Partial<Situation>, string][] = [
    [{ smokeRed: 'red', policy: policy({ onSmokeFailure: 'ask' }) }, 'ask smoke'],
    [{ smokeRed: 'red', policy: policy({ onSmokeFailure: 'roll-back' }) }, 'roll-back smoke'],
    [{ noGo, policy: policy({ onNoGo: 'pause' }) }, 'pause no-go'],
    [{ noGo, policy: policy({ onNoGo: 'roll-back' }) }, 'roll-back no-go'],
    [{ drift, policy: policy({ onDrift: 'pause' }) }, 'pause drift'],
    [{ drift, policy: policy({ onDrift: 'reassert' }) }, 'wait drift'],
    [{ drift: { ...drift, above: false }, policy: policy({ onDrift: 'reassert' }) }, 'pause drift'],
    [{ drift, policy: policy({ onDrift: 'roll-back' }) }, 'roll-back drift'],
    [{ deadline: { of: 'plan', action: 'ask' } }, 'ask deadline'],
    [{ deadline: { of: 'plan', action: 'pause' } }, 'pause deadline'],
    [{ deadline: { of: 'plan', action: 'roll-back' } }, 'roll-back deadline'],
  ];
  for (const [changes, expected] of table) expect(said(nextMove({ ...clear, ...changes }))).toBe(expected);
});

it('peer 55 (GrowthBook no-traffic grace, rollback, hold, priority): no data waits for its grace, then asks or rolls back; of all reasons together the first of the documented order wins', async () => {
  const silence = (kind: 'inconclusive' | 'unavailable', minutes: number) =>
    ({ kind, sinceMs: at - minutes * minute, headline: 'no data' }) as const;
  const policy: Policy = {
    ...clear.policy,
    onInconclusive: { afterMs: 30 * minute, do: 'roll-back' },
    onUnavailable: { afterMs: 10 * minute, do: 'ask' },
  };
  const graceOf = (kind: 'inconclusive' | 'unavailable', minutes: number) =>
    said(nextMove({ ...clear, policy, gate: verdict('inconclusive'), cannotTell: silence(kind, minutes) }));
  expect(graceOf('unavailable', 9)).toBe('wait gate');
  expect(graceOf('unavailable', 10)).toBe('ask cannot-tell');
  expect(graceOf('inconclusive', 29)).toBe('wait gate');
  expect(graceOf('inconclusive', 30)).toBe('roll-back cannot-tell');

  const causes: Readonly<Partial<Record<MoveRow, Partial<Situation>>>> = {
    'rollback-asked': { rollback: { by: 'ola', reason: 'x' } },
    breach: { breach: 'a breach' },
    smoke: { smokeRed: 'red' },
    drift: { drift: { sentence: 'drift', above: true } },
    'no-go': { noGo: { by: 'sam', role: 'sre', reason: null } },
    deadline: { deadline: { of: 'plan', action: 'ask' } },
    'cannot-tell': { cannotTell: silence('unavailable', 60) },
    paused: { pause: { by: 'ola', reason: 'lunch' } },
    hold: { holdEndsAtMs: at + minute },
    gate: { gate: verdict('fail') },
    people: { seats: [{ role: 'sre', need: 1, have: 0 }] },
  };
  const page = await readPage('docs/what-moves-a-rollout.md');
  const documented = [...page.matchAll(/^\| `([a-z-]+)`/gm)].map((match) => match[1]);
  const rows = Object.keys(causes) as MoveRow[];
  let combinations = 0;
  for (let bits = 0; bits < 2 ** rows.length; bits += 1) {
    const chosen = rows.filter((_, index) => (bits & (1 << index)) !== 0);
    const situation = Object.assign({}, clear, ...chosen.map((row) => causes[row])) as Situation;
    const first = documented.find((row) => chosen.includes(row as MoveRow)) ?? 'clear';
    expect(nextMove(situation).row, chosen.join(' + ')).toBe(first);
    combinations += 1;
  }
  expect(combinations).toBe(2_048);
});
