/** One recording rule, and the names by which alerts and dashboards ask for an SLI. */
import type { Catalogue, QuantileSli, RateSli, RatioSli, Sli } from '../catalogue.js';
import type { FixedLabels } from '../selector.js';
import { levelOf, overBase, promDuration, ruleName, type Level } from './rule-name.js';

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly group: string;
  /** Of the SLI it is made from. */
  readonly sli: string;
  /** Labels of its series. */
  readonly level: Level;
}

/** @param by - the SLI's own labels, or none for the whole service. */
export const valueRule = (catalogue: Catalogue, sli: Sli, by: readonly string[]): string =>
  ruleName(levelOf(catalogue, by), sli.record, valueOperation(sli));

function valueOperation(sli: Sli): string {
  switch (sli.kind) {
    case 'ratio':
      return `ratio_${overBase}`;
    case 'quantile':
      return `quantile_${overBase}`;
    case 'rate':
      return sli.perMs === 1_000 ? overBase : `per_${promDuration(sli.perMs)}_${overBase}`;
    case 'burn-rate':
      return 'burnrate_least';
    case 'gauge':
      return sli.aggregate;
  }
}

/** Events a second; null for what counts none. */
export function eventsRule(catalogue: Catalogue, sli: Sli, by: readonly string[]): string | null {
  const level = levelOf(catalogue, by);
  if (sli.kind === 'ratio') return ruleName(level, `${sli.record}_events`, overBase);
  if (sli.kind === 'quantile') return ruleName(level, `${histogramName(sli)}_count`, overBase);
  return sli.kind === 'rate' ? valueRule(catalogue, sli, by) : null;
}

/** Bucket rates are shared by all quantiles of a histogram, unless a name of its own tells one apart. */
export const bucketRule = (catalogue: Catalogue, sli: QuantileSli, by: readonly string[]): string =>
  ruleName(levelOf(catalogue, [...by, 'le']), `${histogramName(sli)}_bucket`, overBase);

export const burnRule = (catalogue: Catalogue, record: string, windowMs: number): string =>
  ruleName(levelOf(catalogue, []), record, `burnrate${promDuration(windowMs)}`);

export const baselineRule = (catalogue: Catalogue, sli: Sli): string =>
  ruleName(levelOf(catalogue, []), sli.record, 'ratio_baseline');

export const histogramName = (sli: QuantileSli): string => sli.histogram.replaceAll(':', '_');

export const perSeconds = ({ perMs }: RateSli): number => perMs / 1_000;

/** Of the good or the bad events, as the SLI tells them. */
export const sideRule = (catalogue: Catalogue, sli: RatioSli, by: readonly string[]): string =>
  ruleName(levelOf(catalogue, by), `${sli.record}_${sli.side.is}`, overBase);

interface Share {
  readonly of: 'good' | 'bad';
  readonly by: readonly string[];
}

export function shareNow(catalogue: Catalogue, sli: RatioSli, { of, by }: Share): string {
  const share = `${sideRule(catalogue, sli, by)} / (${eventsRule(catalogue, sli, by) ?? ''} > 0)`;
  return sli.side.is === of ? share : `1 - ${share}`;
}

/**
 * Weighted by events, so that a quiet night does not count as much as a busy day.
 * `range` has its brackets, and may have an offset.
 */
export function shareOver(catalogue: Catalogue, sli: RatioSli, { of, by, range }: Share & { range: string }): string {
  const total = (name: string | null): string => `sum_over_time(${name ?? ''}${range})`;
  const share = `${total(sideRule(catalogue, sli, by))} / (${total(eventsRule(catalogue, sli, by))} > 0)`;
  return sli.side.is === of ? share : `1 - ${share}`;
}

/** The environment is told apart by its label; another service's series are not this one's. */
export const serviceLabel = ({ labels, service }: Catalogue): FixedLabels =>
  labels.includes('service') ? { service } : {};
