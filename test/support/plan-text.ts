/** A plan and its catalogue as people write them, short, for tests that break one thing at a time. */
import { renderProblem } from '../../src/documents/problem.js';
import { checkPlan } from '../../src/plan/check-plan.js';

export const catalogueText = `apiVersion: holdpoint/v1
kind: SliCatalogue
service: viewer
labels: [env, service]
slis:
  save-success: { kind: ratio, title: Save success, events: saves_total, bad: { outcome: failure }, objective: 0.99 }
  save-errors: { kind: ratio, events: saves_total, bad: { outcome: failure }, measure: bad }
  save-burn: { kind: burn-rate, of: save-success, windows: [5m, 1h] }
  api-p95: { kind: quantile, histogram: http_request_duration_seconds, quantile: 0.95 }
  conflicts: { kind: rate, events: conflicts_total, per: 1m }
  drafts: { kind: gauge, metric: drafts }
  signs: { kind: ratio, title: Signing, events: signs_total, bad: { outcome: failure }, baseline: { over: 1d, ago: 1d, within: 0.1 } }
`;

export const planText = `apiVersion: holdpoint/v1
kind: RolloutPlan
name: day0
flag:
  store: local
  environment: production
  key: new-viewer
deadline: 12h
slis: slis.yaml
watch:
  every: 15m
  guard: 15s
  checks: [saves, p95]
gate:
  checks: [saves, p95]
  decision:
    approvers: [{ role: sre }]
    deadline: 1h
stages:
  - { percent: 10, hold: 2h }
  - { percent: 50, hold: 2h }
  - { percent: 100, hold: 2h }
checks:
  saves: { sli: save-success, min: 0.99, minEvents: 100, severity: rollback }
  p95: { sli: api-p95, max: 800ms, severity: block }
`;

/** The plan with one text replaced by another. A text that is not there would make a test that cannot fail. */
export function planWith(from: string, to: string): string {
  if (!planText.includes(from)) throw new Error(`the plan has no "${from}"`);
  return planText.replace(from, () => to);
}

/** `line:column: message`, as people see it. */
export function problemsOf(text: string, catalogue: string | null = catalogueText): string[] {
  const checked = checkPlan(text, 'plan.yaml', catalogue === null ? null : { text: catalogue, file: 'slis.yaml' });
  return (checked.ok ? checked.warnings : checked.problems).map((one) =>
    renderProblem(one).replace(/^plan\.yaml:/, ''),
  );
}
