/** A label that grows beyond its budget, beside one in another environment that just keeps to it. */
import type { Catalogue } from '../catalogue.js';
import { budgetAlertName } from '../rules/alert-rules.js';
import { feed } from './feed.js';
import type { RuleTest } from './rule-test.js';
import { phaseEnd, type Phase } from './timeline.js';

const phases: readonly Phase[] = [
  { name: 'quiet', minutes: 5 },
  { name: 'good', minutes: 25 },
];

/** Null: no SLI keeps the label, or no series could be thought of. */
export function budgetStory(catalogue: Catalogue, label: string, most: number): RuleTest | null {
  const keeping = Object.values(catalogue.slis).filter(({ by }) => by.includes(label));
  // A histogram has many series for one value.
  const sli = keeping.find(({ kind }) => kind !== 'quantile') ?? keeping[0];
  const fed = sli === undefined || sli.kind === 'burn-rate' ? null : feed(catalogue, sli, phases);
  if (fed === null) return null;
  const grown = (count: number, environment: string): RuleTest['series'] =>
    Array.from({ length: count }, (_, index) => index + 1).flatMap((value) =>
      fed.series.map(({ series, values }) => ({
        series: series
          .replace(`${label}="one"`, `${label}="value ${value}"`)
          .replace('env="production"', `env="${environment}"`),
        values,
      })),
    );
  const within = catalogue.labels.includes('env') ? grown(most, 'staging') : [];
  return {
    name: `${budgetAlertName}: ${label} with one value too many`,
    series: [...grown(most + 1, 'production'), ...within],
    checks: [
      {
        atMinutes: phaseEnd(phases, 'good') - 1,
        expr: `count(ALERTS{alertname="${budgetAlertName}",label="${label}",alertstate="firing"})`,
        value: 1,
        labels: {},
      },
    ],
  };
}
