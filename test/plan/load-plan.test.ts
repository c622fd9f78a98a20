/** Plans as files: the two that come along, and files that are not there or not what they seem. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { promqlProblem } from '../../src/catalogue/promql.js';
import { digestOf } from '../../src/core/digest.js';
import { formatPercent } from '../../src/core/number-text.js';
import type { Plan } from '../../src/core/plan.js';
import { checkPlan } from '../../src/plan/check-plan.js';
import { loadPlan } from '../../src/plan/load-plan.js';
import { catalogueText, planText, planWith } from '../support/plan-text.js';
import { tempFolder } from '../support/temp-folder.js';

async function loaded(path: string): Promise<Plan> {
  const answer = await loadPlan(path);
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
  expect(answer.warnings).toEqual([]);
  expect(answer.source).toEqual({ planFile: path, catalogueFile: 'ops/slis/reporting.yaml' });
  return answer.plan;
}

const steps = ({ stages }: Plan): string[] =>
  stages.map(({ percent, holdMs }) => `${formatPercent(percent)} for ${holdMs / 60_000} min`);

describe('the plans that come along', () => {
  it('day0 is the day: 10, 25 and 50 percent for four hours each, 100 for twelve', async () => {
    const plan = await loaded('ops/plans/day0.yaml');
    expect(steps(plan)).toEqual(['10 % for 240 min', '25 % for 240 min', '50 % for 240 min', '100 % for 720 min']);
    expect(plan.stages.map(({ gate }) => gate.decision?.approvers.map(({ role }) => role))).toEqual([
      ['release-manager', 'sre'],
      ['release-manager', 'sre'],
      ['release-manager', 'sre'],
      ['release-manager'],
    ]);
    expect(plan.checks['api-p95']).toMatchObject({ limit: { max: 0.8 }, unit: 'seconds', gateWindow: 'stage' });
    expect(plan.checks['autosave-burn']).toMatchObject({
      windowMs: 3_600_000,
      overlapMs: 300_000,
      gateWindow: 'watch',
    });
    expect(plan.checks['version-conflicts']).toMatchObject({ everyMs: 3_600_000, gateWindow: 'watch' });
    expect(plan.flag.rollbackSet).toEqual({ 'reporting-unified-only': false });
  });

  it('the rehearsal takes the same steps in minutes', async () => {
    const plan = await loaded('ops/plans/rehearsal.yaml');
    expect(plan.stages.map(({ percent }) => percent)).toEqual([10, 25, 50, 100]);
    expect(plan.stages.reduce((sum, { holdMs }) => sum + holdMs, 0)).toBeLessThan(5 * 60_000);
  });

  it.each(['ops/plans/day0.yaml', 'ops/plans/rehearsal.yaml'])('every query of %s parses', async (path) => {
    const queries = Object.values((await loaded(path)).checks).flatMap((check) => Object.values(check.queries));
    expect(queries.length).toBeGreaterThan(8);
    expect(queries.filter((query) => promqlProblem(query) !== null)).toEqual([]);
    expect(queries.filter((query) => !query.includes('env="production",service="viewer"'))).toEqual([]);
  });
});

describe('a file', () => {
  const problems = async (path: string): Promise<string[]> => {
    const answer = await loadPlan(path);
    return answer.ok ? [] : answer.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
  };

  it('that is not there, or a folder, is a problem', async () => {
    const folder = await tempFolder();
    expect(await problems(join(folder, 'none.yaml'))).toEqual([
      '1:1: there is no such file; name a plan, such as ops/plans/day0.yaml',
    ]);
    expect(await problems(folder)).toEqual([
      '1:1: this is a folder, not a file; name a plan, such as ops/plans/day0.yaml',
    ]);
  });

  it('whose catalogue is not there says so where it names it, and the rest is still checked', async () => {
    const folder = await tempFolder();
    const path = join(folder, 'plan.yaml');
    await writeFile(path, planWith('percent: 50', 'percent: 5'));
    expect(await problems(path)).toEqual([
      `9:7: slis: ${join(folder, 'slis.yaml')}: there is no such file; correct the path; it is relative to the plan`,
      '21:16: stages[1].percent: found 5 after 10; percentages must rise from stage to stage',
    ]);
  });

  it('in a folder of its own finds its catalogue from there', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'plans'));
    await writeFile(join(folder, 'slis.yaml'), catalogueText);
    const path = join(folder, 'plans', 'plan.yaml');
    await writeFile(path, planWith('slis: slis.yaml', 'slis: ../slis.yaml'));
    expect(await loadPlan(path)).toMatchObject({ ok: true, source: { catalogueFile: join(folder, 'slis.yaml') } });
  });

  it('has the problems of its catalogue, under the name of the catalogue', () => {
    const broken = { text: catalogueText.replace('kind: gauge', 'kind: gage'), file: 'slis.yaml' };
    expect(checkPlan(planWith('percent: 50', 'percent: 5'), 'plan.yaml', broken)).toEqual({
      ok: false,
      problems: [
        expect.objectContaining({ file: 'plan.yaml', line: 21 }),
        expect.objectContaining({
          file: 'slis.yaml',
          line: 11,
          message: expect.stringContaining('Did you mean "gauge"?'),
        }),
      ],
    });
  });
});

describe('a complete plan', () => {
  const complete = (text: string): Plan => {
    const checked = checkPlan(text, 'plan.yaml', { text: catalogueText, file: 'slis.yaml' });
    if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
    return checked.plan;
  };

  it('has every default, and a digest over all of it', () => {
    const { digest, ...rest } = complete(planText);
    expect(digest).toBe(digestOf(rest));
    expect(rest).toMatchObject({
      owner: null,
      startAt: null,
      preflight: null,
      channels: [],
      policy: {
        onNoGo: 'roll-back',
        onSmokeFailure: 'roll-back',
        onInconclusive: { afterMs: 1_800_000, do: 'ask' },
        onUnavailable: { afterMs: 600_000, do: 'ask' },
        onDrift: 'pause',
        onDeadline: { do: 'ask', afterMs: 3_600_000, then: 'roll-back' },
        maxRollbackTimeMs: 120_000,
      },
    });
    expect(rest.stages[0]?.gate.decision).toEqual({
      approvers: [{ role: 'sre', count: 1 }],
      notStarter: true,
      deadlineMs: 3_600_000,
      remindEveryMs: null,
      escalateTo: null,
      onDeadline: 'pause',
    });
  });

  it('takes over key by key what a stage says of its gate', () => {
    const plan = complete(
      planWith('{ percent: 50, hold: 2h }', '{ percent: 50, hold: 2h, gate: { checks: [saves], smoke: [s] } }'),
    );
    expect(plan.stages.map(({ gate }) => [gate.checks.length, gate.smoke.length, gate.decision === null])).toEqual([
      [2, 0, false],
      [1, 1, false],
      [2, 0, false],
    ]);
  });

  it('has its start in UTC, and ends below 100 where it says so', () => {
    const text = planWith('deadline: 12h', 'deadline: 12h\nstartAt: 2026-12-01T09:00:00+01:00\nendAt: 50');
    const plan = complete(text.replace('  - { percent: 100, hold: 2h }\n', ''));
    expect(plan.startAt).toBe('2026-12-01T08:00:00.000Z');
    expect(plan.stages.at(-1)?.percent).toBe(50);
  });

  it.each<[source: string, check: object]>([
    ['sli: save-errors, max: 0.01', { unit: 'ratio', limit: { max: 0.01 }, windowMs: 900_000, gateWindow: 'stage' }],
    [
      'sli: conflicts, max: 2, window: 5m',
      { unit: 'per-minute', windowMs: 300_000, overlapMs: 300_000, gateWindow: 'watch' },
    ],
    [
      'sli: signs, compare: before',
      {
        title: 'Signing against its baseline',
        unit: 'ratio',
        limit: { min: 0.9 },
        windowMs: 900_000,
        gateWindow: 'stage',
        queries: {
          value:
            '(1 - (sum(increase(signs_total{env="production",service="viewer",outcome="failure"}[$window])) or 0 * sum(increase(signs_total{env="production",service="viewer"}[$window]))) / (sum(increase(signs_total{env="production",service="viewer"}[$window])) > 0)) / ((1 - (sum(increase(signs_total{env="production",service="viewer",outcome="failure"}[86400s] offset 86400s)) or 0 * sum(increase(signs_total{env="production",service="viewer"}[86400s] offset 86400s))) / (sum(increase(signs_total{env="production",service="viewer"}[86400s] offset 86400s)) > 0)) > 0) and sum(increase(signs_total{env="production",service="viewer"}[86400s] offset 86400s)) >= 20',
          events: 'sum(increase(signs_total{env="production",service="viewer"}[$window]))',
        },
      },
    ],
    ['sli: signs, compare: before, atLeast: 0.8, title: Signs', { title: 'Signs', limit: { min: 0.8 } }],
    ['sli: drafts, min: 1', { unit: 'number', limit: { min: 1 }, windowMs: 0, overlapMs: 60_000, gateWindow: 'watch' }],
    ["promql: 'sum(rate(x[10m]))', max: 1", { unit: 'number', windowMs: 600_000, overlapMs: 600_000 }],
    [
      "promql: 'sum(rate(x[$window])) - sum(rate(x[30m]))', max: 1, window: 5m",
      {
        windowMs: 1_800_000,
        overlapMs: 1_800_000,
        gateWindow: 'watch',
        queries: { value: 'sum(rate(x[300s])) - sum(rate(x[30m]))' },
      },
    ],
    [
      "promql: 'max(wait_seconds)', max: 1.5s",
      { unit: 'seconds', limit: { max: 1.5 }, windowMs: 0, overlapMs: 60_000 },
    ],
    [
      "promql: 'sum(rate(x[$window]))', max: 1, window: 1m",
      { windowMs: 60_000, queries: { value: 'sum(rate(x[$window]))' } },
    ],
  ])('reads a check with %s', (source, check) => {
    expect(complete(planWith('sli: api-p95, max: 800ms', source)).checks['p95']).toMatchObject(check);
  });
});
