/** One test for promtool: series that it feeds, and what rules and alerts must say of them. */

export interface RuleCheck {
  readonly atMinutes: number;
  readonly expr: string;
  /** Null: nothing at all. */
  readonly value: number | null;
  readonly labels: Readonly<Record<string, string>>;
}

export interface RuleTest {
  readonly name: string;
  readonly series: readonly { readonly series: string; readonly values: string }[];
  readonly checks: readonly RuleCheck[];
}

/** Rates are counted in binary fractions: what is meant is what is left after rounding. */
export const rounded = (rule: string): string => `round(${rule}, 0.0001)`;

export const firing = (alert: string, atMinutes: number, fires: boolean): RuleCheck => ({
  atMinutes,
  expr: `count(ALERTS{alertname="${alert}",alertstate="firing"})`,
  value: fires ? 1 : null,
  labels: {},
});

/** Not even waiting to fire. */
export const silent = (alert: string, atMinutes: number): RuleCheck => ({
  atMinutes,
  expr: `count(ALERTS{alertname="${alert}"})`,
  value: null,
  labels: {},
});
