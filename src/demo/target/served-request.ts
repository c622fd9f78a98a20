/** One user's request from its arrival to its answer: variant, broken or not, answered, counted. */
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FlagApp } from '../../flag-server/flag-app.js';
import { refusal, type Answer } from './answer.js';
import { isExportFormat } from './export-report.js';
import type { Faults, Variant } from './failure-knobs.js';
import type { ObeyedFlag } from './obeyed-flag.js';
import type { Reports } from './reports.js';
import { readJsonBody } from './request-body.js';
import { countOperation, type TargetMetrics } from './target-metrics.js';
import { conflict } from './report-actions.js';
import type { Sessions } from './sessions.js';
import type { UserEndpoint } from './user-endpoints.js';

export interface Service {
  readonly flagKey: string;
  readonly flag: ObeyedFlag;
  /** The flag for browsers. */
  readonly flagApp: FlagApp;
  readonly faults: Faults;
  readonly reports: Reports;
  readonly metrics: TargetMetrics;
  readonly sessions: Sessions;
}

export interface Matched {
  readonly endpoint: UserEndpoint;
  readonly id: string;
  readonly query: URLSearchParams;
}

/** Who is asking. The page takes it from its query, so that a person can look as somebody else. */
export const userHeader = 'x-user-id';
/** Smoke tests see both cohorts at any percent; what they ask is no exposure of a user. */
export const variantHeader = 'x-reporting-variant';

interface Asker {
  readonly user: string;
  readonly variant: Variant;
}

export async function serveUser(service: Service, request: IncomingMessage, matched: Matched): Promise<Answer> {
  const begun = performance.now();
  const asker = findAsker(service, request, matched);
  const answer = await answerSomehow(service, request, { matched, asker }).catch(() =>
    refusal(500, 'Something broke; try again.'),
  );
  count(service, { matched, asker, answer, seconds: (performance.now() - begun) / 1_000 });
  return answer;
}

function findAsker({ flag, sessions }: Service, request: IncomingMessage, { query }: Matched): Asker {
  const user = query.get('user') ?? userOf(request);
  const forced = forcedVariant(request);
  if (forced !== null) return { user, variant: forced };
  sessions.heard(user);
  return { user, variant: flag.variantFor(user) };
}

export const userOf = ({ headers }: IncomingMessage): string => textOf(headers[userHeader]);

export function forcedVariant({ headers }: IncomingMessage): Variant | null {
  const forced = textOf(headers[variantHeader]);
  return forced === 'on' || forced === 'off' ? forced : null;
}

const textOf = (header: string | string[] | undefined): string => (typeof header === 'string' ? header : '');

interface Asked {
  readonly matched: Matched;
  readonly asker: Asker;
}

async function answerSomehow(service: Service, request: IncomingMessage, { matched, asker }: Asked): Promise<Answer> {
  const { faults, reports, flag, flagKey, flagApp } = service;
  const { endpoint, id, query } = matched;
  const { user, variant } = asker;
  // Read before anything else: an unread body would hold up the connection.
  const body = endpoint.body === 'json' ? await readJsonBody(request) : { ok: true as const, value: null };
  if (faults.affects(variant)) {
    if (faults.knobs().latencyMs > 0) await sleep(faults.knobs().latencyMs);
    if (faults.knobs().down) return refusal(503, 'The service is down.');
  }
  if (endpoint.knob !== null && faults.strikes(endpoint.knob, variant)) return refusal(500, 'Broken on purpose.');
  if (!body.ok) return body.answer;
  if (endpoint.operation === 'autosave' && faults.strikes('conflictRatio', variant)) return conflict(reports.get(id));
  const shown = { key: flagKey, percent: flag.percent(), document: flagApp.document()?.text ?? null };
  return endpoint.answer({ user, variant, flag: shown, id, query, body: body.value, reports });
}

interface Served extends Asked {
  readonly answer: Answer;
  readonly seconds: number;
}

function count({ metrics }: Service, { matched, asker, answer, seconds }: Served): void {
  const { endpoint, method, operation } = matched.endpoint;
  const { variant } = asker;
  const { status } = answer;
  metrics.requests.inc({ variant, endpoint, method, status: String(status) });
  metrics.requestSeconds.observe({ variant, endpoint }, seconds);
  if (status === 409) metrics.versionConflicts.inc({ variant });
  if (endpoint === '/api/offline' && status < 400) metrics.offlineEvents.inc({ variant });
  // What the caller did wrong says nothing about the service.
  if (operation === null || (status >= 400 && status < 500)) return;
  const asked = matched.query.get('format') ?? 'text';
  const format = operation === 'export' && isExportFormat(asked) ? asked : null;
  countOperation(metrics, { operation, variant, outcome: status < 400 ? 'success' : 'failure', seconds, format });
}
