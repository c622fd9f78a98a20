/** What Prometheus can ask the service: every series exists at 0 from the start, so that no errors is a number. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Exposure } from '../../flag-client/exposures.js';
import { metricLabels } from '../../flag-client/metric-labels.js';
import { exportFormats, type ExportFormat } from './export-report.js';
import type { Variant } from './failure-knobs.js';

export type Outcome = 'success' | 'failure';
/** Operations with an outcome metric of their own. */
export type CountedOperation = 'autosave' | 'export' | 'finalize' | 'sign';

export interface EndpointLabels {
  readonly endpoint: string;
  readonly method: string;
  /** Of a good answer. */
  readonly status: number;
}

export interface MetricsScope {
  readonly environment: string;
  readonly service: string;
  readonly flagKey: string;
  readonly endpoints: readonly EndpointLabels[];
  readonly countDrafts: () => number;
  readonly countSessions: () => { readonly online: number; readonly offline: number };
}

const variants: readonly Variant[] = ['on', 'off'];
const outcomes: readonly Outcome[] = ['success', 'failure'];
/** 0.8 is the objective of the API's p95, so that it is a bound and never interpolated. */
const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4];

export type TargetMetrics = ReturnType<typeof createTargetMetrics>;

export function createTargetMetrics(scope: MetricsScope) {
  const registry = new Registry();
  const { environment: env, service } = scope;
  const labels = metricLabels({ env, service, endpoints: scope.endpoints.map(({ endpoint }) => endpoint) });
  registry.setDefaultLabels(labels.defaults);
  const metrics = {
    registry,
    endpointOf: (path: string): string => labels.endpointOf(path),
    ...operationMetrics([registry]),
    ...serviceMetrics([registry], scope),
    ...exposureCounter(registry, scope.flagKey),
  };
  showZeros(metrics, scope);
  return metrics;
}

function operationMetrics(registers: Registry[]) {
  const outcomeCounter = (name: string, help: string) =>
    new Counter({ name, help, labelNames: ['variant', 'outcome'] as const, registers });
  return {
    autosaveAttempts: outcomeCounter(
      'autosave_attempts_total',
      'Autosaves served or failed; version conflicts and bad requests are neither.',
    ),
    autosaveSeconds: new Histogram({
      name: 'autosave_duration_seconds',
      help: 'Time to answer an autosave.',
      labelNames: ['variant'] as const,
      buckets: secondsBuckets,
      registers,
    }),
    versionConflicts: new Counter({
      name: 'version_conflicts_total',
      help: 'Autosaves refused because another save came first.',
      labelNames: ['variant'] as const,
      registers,
    }),
    finalizes: outcomeCounter('report_finalize_total', 'Reports finalized, or failed to.'),
    signs: outcomeCounter('report_sign_total', 'Reports signed, or failed to.'),
    exports: new Counter({
      name: 'export_attempts_total',
      help: 'Exports by format.',
      labelNames: ['variant', 'format', 'outcome'] as const,
      registers,
    }),
  };
}

function serviceMetrics(registers: Registry[], { countDrafts, countSessions }: MetricsScope) {
  return {
    requests: new Counter({
      name: 'http_requests_total',
      help: 'Requests of users by endpoint template.',
      labelNames: ['variant', 'endpoint', 'method', 'status'] as const,
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time to answer a user.',
      labelNames: ['variant', 'endpoint'] as const,
      buckets: secondsBuckets,
      registers,
    }),
    offlineEvents: new Counter({
      name: 'network_offline_events_total',
      help: 'Times a browser told that it had been offline.',
      labelNames: ['variant'] as const,
      registers,
    }),
    flagPercent: new Gauge({
      name: 'reporting_flag_percent',
      help: 'Percent of users the service gives the new reporting.',
      labelNames: ['flag'] as const,
      registers,
    }),
    flagStale: new Gauge({
      name: 'reporting_flag_stale',
      help: '1 while the flag cannot be read and the last good rule holds, else 0.',
      labelNames: ['flag'] as const,
      registers,
    }),
    activeReports: new Gauge({
      name: 'active_reports',
      help: 'Reports being written.',
      registers,
      collect() {
        this.set(countDrafts());
      },
    }),
    sessions: new Gauge({
      name: 'viewer_sessions',
      help: 'Users heard of within half a minute (online), and those that fell silent within ten (offline).',
      labelNames: ['state'] as const,
      registers,
      collect() {
        const { online, offline } = countSessions();
        this.set({ state: 'online' }, online);
        this.set({ state: 'offline' }, offline);
      },
    }),
  };
}

/** The flag client tells each exposure, this counts it. */
function exposureCounter(registry: Registry, flag: string) {
  const exposures = new Counter({
    name: 'flag_exposures_total',
    help: 'Requests served under a variant of a flag; those that name their variant are none.',
    labelNames: ['flag', 'variant'] as const,
    registers: [registry],
  });
  for (const variant of variants) exposures.inc({ flag, variant }, 0);
  return { countExposure: (exposure: Exposure): void => exposures.inc({ ...exposure }) };
}

function showZeros(metrics: TargetMetrics, { endpoints }: MetricsScope): void {
  for (const variant of variants) {
    metrics.autosaveSeconds.zero({ variant });
    metrics.versionConflicts.inc({ variant }, 0);
    metrics.offlineEvents.inc({ variant }, 0);
    for (const outcome of outcomes) {
      for (const counter of [metrics.autosaveAttempts, metrics.finalizes, metrics.signs])
        counter.inc({ variant, outcome }, 0);
      for (const format of exportFormats) metrics.exports.inc({ variant, format, outcome }, 0);
    }
    for (const { endpoint, method, status } of endpoints) {
      metrics.requestSeconds.zero({ variant, endpoint });
      for (const each of [status, 500, 503])
        metrics.requests.inc({ variant, endpoint, method, status: String(each) }, 0);
    }
  }
}

export interface OperationDone {
  readonly operation: CountedOperation;
  readonly variant: Variant;
  readonly outcome: Outcome;
  readonly seconds: number;
  /** Null when the request named none that exists: an export that no series can count. */
  readonly format: ExportFormat | null;
}

export function countOperation(metrics: TargetMetrics, done: OperationDone): void {
  const { variant, outcome, format } = done;
  switch (done.operation) {
    case 'autosave':
      metrics.autosaveSeconds.observe({ variant }, done.seconds);
      return metrics.autosaveAttempts.inc({ variant, outcome });
    case 'finalize':
      return metrics.finalizes.inc({ variant, outcome });
    case 'sign':
      return metrics.signs.inc({ variant, outcome });
    case 'export':
      if (format !== null) metrics.exports.inc({ variant, format, outcome });
  }
}
