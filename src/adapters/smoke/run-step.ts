/** One step of a smoke suite: the request, the answer, and what of it is not as expected. */
import { fillEnvironment, type Environment } from '../../fill-environment.js';
import { askHttp, excerpt, type HttpOutcome } from '../ask-http.js';
import { pointAt } from '../json-pointer.js';
import { findDifference } from './match-json.js';
import { fillJson, fillText, type Json, type Values } from './placeholders.js';
import type { SuiteStep } from './smoke-suite.js';

export interface StepContext {
  /** Filled in, without a trailing slash. */
  readonly baseUrl: string;
  readonly env: Environment;
  readonly values: Values;
  /** What is left for this step: its own `within` or less. */
  readonly limitMs: number;
  readonly signal?: AbortSignal;
}

export type StepResult =
  | { readonly kind: 'passed'; readonly saved: Values }
  /** `stopped`: by the caller, which says nothing about the service. */
  | { readonly kind: 'failed' | 'stopped'; readonly detail: string };

const limitBytes = 1_048_576;
const detailLength = 400;

export async function runStep({ request, expect, save }: SuiteStep, context: StepContext): Promise<StepResult> {
  const { values, baseUrl, limitMs, signal } = context;
  const headers = fillHeaders(request.headers, context);
  const body = request.body === undefined ? null : renderBody(fillJson(request.body, values));
  const outcome = await askHttp({
    url: `${baseUrl}${fillText(request.path, values, encodeURIComponent)}`,
    method: request.method,
    headers: { ...(body === null ? {} : { 'content-type': body.type }), ...headers.filled },
    ...(body === null ? {} : { body: body.text }),
    limitMs,
    limitBytes,
    ...(signal === undefined ? {} : { signal }),
  });
  if (outcome.kind === 'trouble') return noAnswer(outcome, limitMs);
  const text = withoutSecrets(outcome.text, headers.secrets);
  const json = parseJson(text);
  const wanted = expect.json === undefined ? undefined : fillJson(expect.json, values);
  const part = expect.text === undefined ? undefined : fillText(expect.text, values);
  const problem = findProblem({ status: expect.status, json: wanted, part }, { status: outcome.status, text, json });
  if (problem !== null) return failed(problem);
  const saved = new Map<string, Json>();
  for (const [name, pointer] of Object.entries(save)) {
    const value = json === undefined ? undefined : pointAt(json, pointer);
    if (value === undefined) return failed(`expected something to save at ${pointer}, got ${quote(text)}`);
    saved.set(`saved.${name}`, value);
  }
  return { kind: 'passed', saved };
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json: Json | undefined;
}

interface Wanted {
  readonly status: number;
  readonly json: Json | undefined;
  readonly part: string | undefined;
}

function findProblem(expect: Wanted, { status, text, json }: Answer): string | null {
  if (status !== expect.status) return `expected status ${expect.status}, got ${status}: ${quote(text)}`;
  if (expect.part !== undefined && !text.includes(expect.part))
    return `expected ${JSON.stringify(expect.part)} in the answer, got ${quote(text)}`;
  if (expect.json === undefined) return null;
  if (json === undefined) return `expected JSON, got ${quote(text)}`;
  return findDifference(expect.json, json);
}

function fillHeaders(headers: Readonly<Record<string, string>>, { env, values }: StepContext) {
  const secrets: string[] = [];
  const filled: Record<string, string> = {};
  for (const [name, template] of Object.entries(headers)) {
    const own = fillEnvironment(template, env);
    secrets.push(...own.secrets);
    filled[name.toLowerCase()] = fillText(own.text, values);
  }
  return { filled, secrets };
}

function renderBody(body: Json): { readonly text: string; readonly type: string } {
  if (typeof body === 'string') return { text: body, type: 'text/plain; charset=utf-8' };
  return { text: JSON.stringify(body), type: 'application/json' };
}

function noAnswer({ reason, detail }: Extract<HttpOutcome, { kind: 'trouble' }>, limitMs: number): StepResult {
  if (reason === 'stopped') return { kind: 'stopped', detail };
  if (reason === 'timeout') return failed(`expected an answer within ${limitMs} ms, got none`);
  return failed(`expected an answer, got none: ${detail}`);
}

/** A service that echoes its request must not carry a secret into the report. Shorter ones would garble everything. */
const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.filter(({ length }) => length >= 6).reduce((clean, secret) => clean.replaceAll(secret, '***'), text);

const failed = (detail: string): StepResult => ({ kind: 'failed', detail: excerpt(detail, detailLength) });

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const quote = (text: string): string => (text.trim() === '' ? 'an empty body' : `"${excerpt(text, 200)}"`);
