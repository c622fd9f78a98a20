/** The labels that series of a service share, so that dashboards, alerts and gates ask all services for the same ones. */

export interface MetricLabelsOptions {
  readonly env: string;
  readonly service: string;
  /** Paths with `:name` for a part that varies, such as `/orders/:id`; of several that fit, the first. */
  readonly endpoints?: readonly string[] | undefined;
}

export interface MetricLabels {
  /** On every series. */
  readonly defaults: { readonly env: string; readonly service: string };
  /** The label `endpoint` for a path, with or without a query or a slash at its end: as many values as there are endpoints, and `other`. */
  endpointOf(path: string): string;
}

export function metricLabels({ env, service, endpoints = [] }: MetricLabelsOptions): MetricLabels {
  const known = endpoints.map((endpoint) => ({ endpoint, parts: partsOf(endpoint) }));
  return {
    defaults: { env, service },
    endpointOf: (path) => {
      const parts = partsOf(path);
      const fits = (wanted: readonly string[]): boolean =>
        wanted.length === parts.length &&
        wanted.every((part, at) => (part[0] === ':' ? parts[at] : part === parts[at]));
      return known.find((one) => fits(one.parts))?.endpoint ?? 'other';
    },
  };
}

/** Most servers answer `/orders/` as `/orders`. An empty path is none at all. */
const partsOf = (path: string): string[] => (/^[^?#]*/.exec(path)?.[0] ?? '').replace(/(.)\/$/, '$1').split('/');
