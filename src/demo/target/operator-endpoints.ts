/** What operators and tools see of the service: health, metrics, the flag it obeys, and the knobs that break it. */
import type { IncomingMessage } from 'node:http';
import { jsonAnswer, refusal, type Answer } from './answer.js';
import { readKnobs, type Faults } from './failure-knobs.js';
import type { ObeyedFlag } from './obeyed-flag.js';
import { readJsonBody } from './request-body.js';
import { forcedVariant, userOf } from './served-request.js';
import type { TargetMetrics } from './target-metrics.js';

export interface OperatorView {
  readonly flagKey: string;
  readonly flag: ObeyedFlag;
  readonly faults: Faults;
  readonly metrics: TargetMetrics;
}

type OperatorEndpoint = (view: OperatorView, request: IncomingMessage) => Answer | Promise<Answer>;

/** By `METHOD path`. */
export const operatorEndpoints: ReadonlyMap<string, OperatorEndpoint> = new Map<string, OperatorEndpoint>([
  ['GET /healthz', health],
  ['GET /metrics', metricsPage],
  ['GET /api/flags', flagForUser],
  ['GET /__flag', flagPage],
  ['GET /__knobs', ({ faults }) => jsonAnswer(200, faults.knobs())],
  ['PUT /__knobs', turnKnobs],
]);

const isDown = ({ faults }: OperatorView): boolean => faults.knobs().down && faults.knobs().affects === 'everyone';

/** A flag that cannot be obeyed is no reason to stop serving. */
function health(view: OperatorView): Answer {
  if (isDown(view)) return jsonAnswer(503, { status: 'down' });
  const problem = view.flag.problem();
  return jsonAnswer(200, { status: 'ok', flagPercent: view.flag.percent(), flagProblem: problem });
}

async function metricsPage(view: OperatorView): Promise<Answer> {
  if (isDown(view)) return refusal(503, 'The service is down.');
  const { flag, flagKey, metrics } = view;
  metrics.flagPercent.set({ flag: flagKey }, flag.percent());
  metrics.flagStale.set({ flag: flagKey }, flag.problem() === null ? 0 : 1);
  return { status: 200, type: metrics.registry.contentType, body: await metrics.registry.metrics() };
}

/** What it obeys since when; the document itself is at /flags.json. */
function flagPage({ flag, flagKey }: OperatorView): Answer {
  return jsonAnswer(200, {
    flag: flagKey,
    percent: flag.percent(),
    problem: flag.problem(),
    changes: flag.changes(),
  });
}

/** What the asker would get, and whether a header forced it. Nothing is used, so it is no exposure. */
function flagForUser(view: OperatorView, request: IncomingMessage): Answer {
  if (isDown(view)) return refusal(503, 'The service is down.');
  const { flag, flagKey } = view;
  const targetingKey = userOf(request);
  const forced = forcedVariant(request);
  const variant = forced ?? flag.variantOf(targetingKey);
  return jsonAnswer(200, { flag: flagKey, targetingKey, variant, forced: forced !== null, percent: flag.percent() });
}

async function turnKnobs({ faults }: OperatorView, request: IncomingMessage): Promise<Answer> {
  const body = await readJsonBody(request);
  if (!body.ok) return body.answer;
  const read = readKnobs(body.value);
  if (!read.ok) return jsonAnswer(400, { error: read.problems.join(' ') });
  faults.turn(read.knobs);
  return jsonAnswer(200, read.knobs);
}
