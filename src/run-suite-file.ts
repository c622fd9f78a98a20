/** One smoke suite, run from here as a worker would run it. */
import { openHttpSmokeRunner } from './adapters/smoke/http-smoke-runner.js';
import { loadSmokeSuite } from './adapters/smoke/load-smoke-suite.js';
import { readySuite } from './adapters/smoke/ready-suite.js';
import type { SmokeOutcome, SmokeStep } from './core/smoke-outcome.js';
import type { Problem } from './documents/problem.js';
import type { Environment } from './fill-environment.js';

export interface SuiteFile {
  readonly path: string;
  /** What it is called when it has no name of its own. */
  readonly id: string;
  readonly env: Environment;
  /** Instead of the address that the suite names. */
  readonly baseUrl: string | undefined;
  readonly signal: AbortSignal;
}

export interface TimedStep extends SmokeStep {
  /** How long it was given. */
  readonly withinMs?: number;
}

export interface TimedOutcome extends SmokeOutcome {
  readonly steps: readonly TimedStep[];
}

export type SuiteRun =
  | { readonly ok: true; readonly outcome: TimedOutcome }
  /** Nothing was asked. `why` says what else than the file is wrong. */
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly why: string };

export async function runSuiteFile({ path, id, env, baseUrl, signal }: SuiteFile): Promise<SuiteRun> {
  const loaded = await loadSmokeSuite(path);
  if (!loaded.ok) return { ok: false, problems: loaded.problems, why: '' };
  const ready = await readySuite(path, env, baseUrl);
  if (!ready.ok) {
    const other = baseUrl === undefined ? '\nAnother address than its own is given with --base-url.' : '';
    return { ok: false, problems: [], why: `${ready.why}${other}` };
  }
  const { name = id, steps } = ready.suite;
  const outcome = await openHttpSmokeRunner({ suites: new Map([[name, path]]), env, baseUrl }).run(name, { signal });
  const timed = outcome.steps.map((step, at): TimedStep => {
    const withinMs = steps[at]?.expect.within;
    return withinMs === undefined ? step : { ...step, withinMs };
  });
  return { ok: true, outcome: { ...outcome, steps: timed } };
}
