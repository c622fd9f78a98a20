/** An SLI's day in a test: quiet, good, a breach, recovery, a restart of its counters, and its target gone. */
import type { Catalogue, Sli, SliAlert } from '../catalogue.js';
import { eventsRule, valueRule } from '../rules/recording-rule.js';
import { baseMs } from '../rules/rule-name.js';
import { feed, type Feed } from './feed.js';
import { firing, rounded, type RuleCheck, type RuleTest } from './rule-test.js';
import { phaseEnd, type Phase } from './timeline.js';

const minutes = (ms: number): number => Math.ceil(ms / 60_000);

/** Null: no series could be thought of that its matchers take. */
export function sliStory(catalogue: Catalogue, id: string, sli: Exclude<Sli, { kind: 'burn-rate' }>): RuleTest | null {
  const limits = sli.alerts.filter(({ condition }) => condition.kind === 'limit');
  const missing = sli.alerts.filter(({ condition }) => condition.kind === 'missing');
  const phases = phasesOf(limits, missing);
  const fed = feed(catalogue, sli, phases);
  if (fed === null) return null;
  const at = (name: Phase['name']): number => phaseEnd(phases, name) - 1;
  const says = (name: Phase['name'], value: number | null): RuleCheck => ({
    atMinutes: at(name),
    expr: rounded(valueRule(catalogue, sli, sli.by)),
    value,
    labels: fed.labels,
  });
  const checks: RuleCheck[] = [
    says('quiet', fed.values.quiet),
    ...noEvents(catalogue, sli, { fed, atMinutes: at('quiet') }),
    says('good', fed.values.good),
    ...(sli.alias === null ? [] : [{ ...says('good', fed.values.good), expr: rounded(sli.alias) }]),
    says('breach', fed.values.breach),
    says('recovery', fed.values.good),
    says('restart', fed.values.good),
    says('gone', null),
    ...limits.flatMap(({ name }) => [
      firing(name, at('good'), false),
      firing(name, at('breach'), true),
      firing(name, at('recovery'), false),
      firing(name, at('restart'), false),
      firing(name, at('gone'), false),
    ]),
    ...missing.flatMap(({ name }) => [firing(name, at('restart'), false), firing(name, at('gone'), true)]),
  ];
  return { name: `${id}: no traffic, no errors, breach, recovery, restart, target gone`, series: fed.series, checks };
}

/** Each as long as the slowest of its alerts needs. */
function phasesOf(limits: readonly SliAlert[], missing: readonly SliAlert[]): Phase[] {
  const over = Math.max(
    minutes(baseMs),
    ...limits.map(({ condition }) => (condition.kind === 'limit' ? minutes(condition.overMs) : 0)),
  );
  const lasting = Math.max(0, ...limits.map(({ forMs }) => minutes(forMs)));
  const gone = Math.max(0, ...missing.map(({ forMs }) => minutes(forMs)));
  return [
    { name: 'quiet', minutes: 10 },
    { name: 'good', minutes: 15 },
    { name: 'breach', minutes: over + lasting + 10 },
    { name: 'recovery', minutes: over + 10 },
    { name: 'restart', minutes: 5 },
    { name: 'gone', minutes: gone + 12 },
  ];
}

/** Standing counters are seen, and are no events. */
function noEvents(catalogue: Catalogue, sli: Sli, { fed, atMinutes }: { fed: Feed; atMinutes: number }): RuleCheck[] {
  const rule = sli.kind === 'rate' ? null : eventsRule(catalogue, sli, sli.by);
  return rule === null ? [] : [{ atMinutes, expr: rule, value: 0, labels: { ...fed.labels, __name__: rule } }];
}
