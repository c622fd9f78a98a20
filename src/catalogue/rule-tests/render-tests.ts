/** Catalogue → promtool's unit tests of its rules and alerts. */
import type { Catalogue } from '../catalogue.js';
import { intervalSeconds } from '../rules/rule-name.js';
import { groupOrder, madeFrom, renderYaml } from '../rules/render-rules.js';
import { baselineStory, burnStory, fewEventsStory, isLong } from './alert-stories.js';
import { budgetStory } from './budget-story.js';
import { seriesText } from './example-labels.js';
import type { RuleCheck, RuleTest } from './rule-test.js';
import { sliStory } from './sli-story.js';

interface Rendered {
  readonly catalogue: Catalogue;
  readonly source: string;
  /** Of rules and alerts, as seen from the test. */
  readonly ruleFiles: readonly string[];
}

export function renderRuleTests(rendered: Rendered): string {
  const { catalogue } = rendered;
  const stories = Object.entries(catalogue.slis).flatMap(([id, sli]) => [
    ...(sli.kind === 'burn-rate' ? [] : [sliStory(catalogue, id, sli) ?? id]),
    ...sli.alerts.flatMap((alert) => [
      isLong(alert) ? null : burnStory(catalogue, sli, alert),
      fewEventsStory(catalogue, sli, alert),
    ]),
  ]);
  const budgets = Object.entries(catalogue.budget?.values ?? {}).map(([label, most]) =>
    budgetStory(catalogue, label, most),
  );
  const untested = stories.filter((story) => typeof story === 'string');
  const note =
    untested.length === 0
      ? ''
      : `\n# Not tested, for no values were found that its patterns take: ${untested.join(', ')}.`;
  return renderTests(rendered, { stories: [...stories, ...budgets], note, evaluated: '1m' });
}

/** Those that need hours and days. */
export function renderLongRuleTests(rendered: Rendered): string {
  const { catalogue } = rendered;
  const stories = Object.values(catalogue.slis).flatMap((sli) =>
    sli.alerts.filter(isLong).map((alert) => baselineStory(catalogue, sli, alert) ?? burnStory(catalogue, sli, alert)),
  );
  return renderTests(rendered, { stories, note: '', evaluated: '10m' });
}

interface Told {
  readonly stories: readonly (RuleTest | string | null)[];
  readonly note: string;
  readonly evaluated: string;
}

function renderTests({ catalogue, source, ruleFiles }: Rendered, { stories, note, evaluated }: Told): string {
  const tests = stories.filter((story) => story !== null && typeof story !== 'string');
  return renderYaml(`${madeFrom(source)}\n# Run them with: promtool test rules FILE${note}`, {
    rule_files: ruleFiles,
    evaluation_interval: evaluated,
    // What builds on a rule comes after it: between rounds that are far apart a rule's last answer is forgotten.
    group_eval_order: groupOrder(catalogue),
    tests: tests.map(({ name, series, checks }) => ({
      name,
      interval: `${intervalSeconds}s`,
      input_series: series,
      promql_expr_test: checks.toSorted((a, b) => a.atMinutes - b.atMinutes).map(toCheck),
    })),
  });
}

function toCheck({ atMinutes, expr, value, labels: { __name__: name = '', ...labels } }: RuleCheck): object {
  const samples = value === null ? [] : [{ labels: seriesText(name, labels), value }];
  return { expr, eval_time: `${atMinutes}m`, exp_samples: samples };
}
