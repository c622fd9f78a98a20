/** Smoke suites as HTTP steps: read from their files at each run, cleaned up after whatever happens. */
import { randomUUID } from 'node:crypto';
import type { SmokeOutcome, SmokeStep } from '../../core/smoke-outcome.js';
import { iso } from '../../core/instant.js';
import type { Environment } from '../../fill-environment.js';
import { placeholdersIn, type Json } from './placeholders.js';
import { readySuite } from './ready-suite.js';
import { runStep } from './run-step.js';
import type { SmokeOptions, SmokeRunner } from './smoke-runner.js';
import type { SmokeSuite, SuiteStep } from './smoke-suite.js';

export interface HttpSmokeOptions {
  /** Paths of suite files by the id the plan names. */
  readonly suites: ReadonlyMap<string, string>;
  /** Where `${NAME}` in a suite's baseUrl and headers comes from. */
  readonly env: Environment;
  /** Instead of the address that a suite names. */
  readonly baseUrl?: string | undefined;
}

/** All `always` steps of one run together: a suite of 60 s and its cleanup end well before the activity's 2 min. */
const cleanupMs = 30_000;

export function openHttpSmokeRunner(runner: HttpSmokeOptions): SmokeRunner {
  return {
    suites: [...runner.suites.keys()],
    run: async (suite, options = {}) => {
      const startedAtMs = Date.now();
      const begun = performance.now();
      const shown = await runSuite(runner, suite, options).catch((error: unknown) =>
        cannotRun(`the runner failed: ${String(error)}`),
      );
      return { suite, at: iso(startedAtMs), durationMs: Math.round(performance.now() - begun), ...shown };
    },
  };
}

type Shown = Pick<SmokeOutcome, 'outcome' | 'steps' | 'detail'>;

const cannotRun = (detail: string): Shown => ({ outcome: 'unavailable', steps: [], detail });

async function runSuite(
  { suites, env, baseUrl: given }: HttpSmokeOptions,
  id: string,
  { signal }: SmokeOptions,
): Promise<Shown> {
  const path = suites.get(id);
  if (path === undefined) return cannotRun('the configuration has no smoke suite of that id; add it under "smoke"');
  const ready = await readySuite(path, env, given);
  if (!ready.ok) return cannotRun(ready.why);
  const { suite, baseUrl } = ready;
  const run = newRun(suite, { baseUrl, env, signal });
  for (const step of suite.steps) run.steps.push(await takeStep(run, step));
  const red = run.steps.find(({ outcome }) => outcome === 'failed');
  if (red !== undefined) return { outcome: 'failed', steps: run.steps, detail: `${red.id}: ${red.detail ?? 'failed'}` };
  if (run.over) return { outcome: 'unavailable', steps: run.steps, detail: 'the run was stopped before it was over' };
  return { outcome: 'passed', steps: run.steps };
}

interface Where {
  readonly baseUrl: string;
  readonly env: Environment;
  readonly signal: AbortSignal | undefined;
}

interface Run extends Where {
  readonly steps: SmokeStep[];
  readonly values: Map<string, Json>;
  readonly withinMs: number;
  readonly endsAtMs: number;
  cleanupLeftMs: number;
  /** After a failure or a stop, only cleanup goes on. */
  over: boolean;
}

const newRun = ({ within }: SmokeSuite, where: Where): Run => ({
  ...where,
  steps: [],
  values: new Map([['run.id', randomUUID()]]),
  withinMs: within,
  endsAtMs: performance.now() + within,
  cleanupLeftMs: cleanupMs,
  over: false,
});

async function takeStep(run: Run, step: SuiteStep): Promise<SmokeStep> {
  const { id } = step;
  if (run.over && !step.always) return { id, outcome: 'skipped', durationMs: 0 };
  const open = unsavedIn(run, step);
  if (open !== undefined)
    return { id, outcome: 'skipped', durationMs: 0, detail: `there is no \${${open}} to work on` };
  const begun = performance.now();
  const leftMs = step.always ? run.cleanupLeftMs : run.endsAtMs - begun;
  if (leftMs < 1) return fail(run, { id, durationMs: 0, detail: outOfTime(run, step) });
  const { values, baseUrl, env, signal } = run;
  const context = { values, baseUrl, env, limitMs: Math.ceil(Math.min(step.expect.within, leftMs)) };
  const result = await runStep(step, step.always || signal === undefined ? context : { ...context, signal });
  const durationMs = Math.round(performance.now() - begun);
  if (step.always) run.cleanupLeftMs -= durationMs;
  if (result.kind !== 'passed') {
    if (result.kind === 'failed') return fail(run, { id, durationMs, detail: result.detail });
    run.over = true;
    return { id, outcome: 'skipped', durationMs, detail: result.detail };
  }
  for (const [name, value] of result.saved) run.values.set(name, value);
  return { id, outcome: 'passed', durationMs };
}

function fail(run: Run, step: Omit<SmokeStep, 'outcome'>): SmokeStep {
  run.over = true;
  return { ...step, outcome: 'failed' };
}

const outOfTime = ({ withinMs }: Run, { always }: SuiteStep): string =>
  always
    ? `expected the cleanup to end within ${cleanupMs} ms, it did not`
    : `expected the suite to end within ${withinMs} ms, it did not`;

/** Only a cleanup step can want what nobody saved: the step that should have made it failed. */
function unsavedIn({ values }: Run, { request }: SuiteStep): string | undefined {
  return placeholdersIn([request.path, request.headers, request.body ?? null] as Json).find(
    (name) => !values.has(name),
  );
}
