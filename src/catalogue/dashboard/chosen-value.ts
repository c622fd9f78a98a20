/** An SLI's value for what is chosen on the dashboard: its recorded rule, or put together from finer ones. */
import type { Catalogue, QuantileSli, Sli } from '../catalogue.js';
import { bucketRule, eventsRule, sideRule, valueRule } from '../rules/recording-rule.js';
import { aggregated, levelOf, type Level } from '../rules/rule-name.js';

/** `{env="$env",service="$service"}`, and the panels' own where the rule keeps them. */
export function chosenLabels({ labels, dashboard }: Catalogue, level: Level): string {
  const matchers = level.flatMap((label) => {
    if (labels.includes(label)) return [`${label}="$${label}"`];
    return dashboard?.variables.includes(label) === true ? [`${label}=~"$${label}"`] : [];
  });
  return matchers.length === 0 ? '' : `{${matchers.join(',')}}`;
}

/** @param each - a series for each value of its own labels. */
export function chosenValue(catalogue: Catalogue, sli: Sli, each: boolean): string {
  const { dashboard } = catalogue;
  const isChosen = sli.by.some((label) => dashboard?.variables.includes(label) === true);
  const by = each ? sli.by : [];
  const level = levelOf(catalogue, by);
  // A rule of the whole service knows nothing of what is chosen.
  if (each || !isChosen) return `${valueRule(catalogue, sli, by)}${chosenLabels(catalogue, level)}`;
  const fine = chosenLabels(catalogue, levelOf(catalogue, sli.by));
  const sum = (rule: string | null): string => aggregated('sum', level, `${rule ?? ''}${fine}`);
  switch (sli.kind) {
    case 'ratio': {
      const share = `${sum(sideRule(catalogue, sli, sli.by))} / (${sum(eventsRule(catalogue, sli, sli.by))} > 0)`;
      return sli.side.is === sli.measure ? share : `1 - ${share}`;
    }
    case 'quantile': {
      const buckets = aggregated('sum', [...level, 'le'], `${bucketRule(catalogue, sli, sli.by)}${fine}`);
      return `histogram_quantile(${sli.quantile}, ${buckets}) and ${sum(eventsRule(catalogue, sli, sli.by))} > 0`;
    }
    case 'gauge':
      return aggregated(sli.aggregate, level, `${valueRule(catalogue, sli, sli.by)}${fine}`);
    case 'rate':
    case 'burn-rate':
      return sum(valueRule(catalogue, sli, sli.by));
  }
}

/** Events a second in each bucket of a histogram. */
export const spread = (catalogue: Catalogue, sli: QuantileSli): string =>
  `sum by (le) (${bucketRule(catalogue, sli, sli.by)}${chosenLabels(catalogue, levelOf(catalogue, sli.by))})`;
