/** The worst of the findings, and the judge that makes it: the one way from evidence to verdict. */
import { evidenceDigest, type Evidence } from './evidence.js';
import { judgeSample, outcomeRank, type Finding } from './finding.js';
import type { Plan, Severity } from './plan.js';
import type { SmokeOutcome } from './smoke-outcome.js';
import { countSample, type Streak, type Streaks } from './streak.js';

export interface Verdict {
  readonly outcome: 'pass' | 'fail' | 'inconclusive';
  /** One sentence: the worst finding, with its numbers. */
  readonly headline: string;
  readonly evidenceDigest: string;
  /** ISO instant of the evidence. */
  readonly at: string;
  readonly findings: readonly Finding[];
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly streaks: Streaks;
  /** Findings whose failing windows in a row reached the plan's number: these roll back. */
  readonly breaches: readonly Finding[];
}

/** Pure and total: the same plan and evidence give the same judgement in the workflow, in the guard and offline. */
export function judge(plan: Plan, evidence: Evidence): Judgement {
  const streaks: Record<string, Streak> = { ...evidence.streaks };
  const latest = new Map<string, Finding>();
  for (const sample of evidence.samples) {
    const check = plan.checks[sample.check];
    if (check === undefined) continue;
    const finding = judgeSample(check, sample, evidence.flippedAt);
    const streak = countSample(streaks[check.name], check, { sample, finding });
    if (streak !== undefined) streaks[check.name] = streak;
    const rollsBack = check.severity === 'rollback' && sample.scope === 'watch';
    latest.set(
      `${sample.scope}/${check.name}`,
      rollsBack ? { ...finding, streak: { failing: streak?.failing ?? 0, of: check.consecutive } } : finding,
    );
  }
  const findings = [...latest.values(), ...evidence.smoke.map(judgeSmoke), ...missingFindings(plan, evidence)];
  const breaches = findings.filter(
    ({ outcome, streak }) => outcome === 'fail' && streak !== undefined && streak.failing >= streak.of,
  );
  return { verdict: buildVerdict(evidence, findings), streaks, breaches };
}

/** What a gate requires and the evidence does not hold: not having asked is not knowing, and that never passes. */
function missingFindings(plan: Plan, { scope, stage, samples, smoke }: Evidence): Finding[] {
  const gate = stage === 0 ? plan.preflight : plan.stages[stage - 1]?.gate;
  if (scope !== 'gate' || gate === null || gate === undefined) return [];
  const asked = new Set(samples.filter((sample) => sample.scope === 'gate').map(({ check }) => check));
  const run = new Set(smoke.map(({ suite }) => suite));
  const missing = (check: string, severity: Severity, sentence: string): Finding => ({
    check,
    scope: 'gate',
    outcome: 'unavailable',
    severity,
    sentence,
  });
  return [
    ...gate.checks
      .filter((name) => !asked.has(name))
      .map((name) => {
        const { title = name, severity = 'block' } = plan.checks[name] ?? {};
        return missing(name, severity, `${title} was not asked.`);
      }),
    ...gate.smoke
      .filter((suite) => !run.has(suite))
      .map((suite) => missing(`smoke:${suite}`, 'block', `Smoke suite ${suite} was not run.`)),
  ];
}

function judgeSmoke(smoke: SmokeOutcome): Finding {
  const base = { check: `smoke:${smoke.suite}`, scope: 'gate', severity: 'block' } as const;
  switch (smoke.outcome) {
    case 'passed':
      return {
        ...base,
        outcome: 'pass',
        sentence: `Smoke suite ${smoke.suite} is green (${smoke.steps.length} steps).`,
      };
    case 'failed': {
      const red = smoke.steps.find((step) => step.outcome === 'failed');
      const why = red === undefined ? smoke.detail : `${red.id}: ${red.detail ?? 'failed'}`;
      return { ...base, outcome: 'fail', sentence: `Smoke suite ${smoke.suite} is red (${why ?? 'no detail'}).` };
    }
    case 'unavailable':
      return {
        ...base,
        outcome: 'unavailable',
        sentence: `Smoke suite ${smoke.suite} could not be run (${smoke.detail ?? 'no detail'}).`,
      };
  }
}

function buildVerdict(evidence: Evidence, findings: readonly Finding[]): Verdict {
  const deciding = findings.filter((finding) => decides(finding, evidence.scope));
  const worst = deciding.reduce<Finding | null>(
    (a, b) => (a === null || headlineRank(b) > headlineRank(a) ? b : a),
    null,
  );
  const outcome =
    worst === null || worst.outcome === 'pass' ? 'pass' : worst.outcome === 'fail' ? 'fail' : 'inconclusive';
  const headline =
    worst === null
      ? 'No check decides here; people do.'
      : worst.outcome === 'pass'
        ? passing(deciding.length)
        : worst.sentence;
  return { outcome, headline, evidenceDigest: evidenceDigest(evidence), at: evidence.at, findings };
}

const passing = (count: number): string => (count === 1 ? 'The one check passes.' : `All ${count} checks pass.`);

/**
 * Only `rollback` and `block` decide. At a gate the stage's own window decides; a watch sample beside it counts only
 * when it fails, so that a quiet quarter of an hour does not undo four good hours.
 */
function decides(finding: Finding, scope: Evidence['scope']): boolean {
  if (finding.severity !== 'rollback' && finding.severity !== 'block') return false;
  return scope === 'watch' || finding.scope === 'gate' || finding.outcome === 'fail';
}

/** Order picks the headline only: rollback-fail, block-fail, invalid, unavailable, insufficient, pass. */
function headlineRank(finding: Finding): number {
  return outcomeRank(finding.outcome) * 2 + (finding.severity === 'rollback' ? 1 : 0);
}
