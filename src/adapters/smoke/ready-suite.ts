/** A suite as it can be run from here: read from its file, its address filled in, nothing missing in the environment. */
import { renderProblem } from '../../documents/problem.js';
import { fillEnvironment, sayMissing, type Environment } from '../../fill-environment.js';
import { loadSmokeSuite } from './load-smoke-suite.js';
import type { SmokeSuite } from './smoke-suite.js';

export type ReadySuite =
  | { readonly ok: true; readonly suite: SmokeSuite; readonly baseUrl: string }
  | { readonly ok: false; readonly why: string };

/**
 * Found out before the first step: a missing token says nothing about the service, so it must not turn red.
 *
 * @param given - an address to use in place of the suite's own.
 */
export async function readySuite(path: string, env: Environment, given?: string): Promise<ReadySuite> {
  const loaded = await loadSmokeSuite(path);
  if (!loaded.ok) return { ok: false, why: loaded.problems.map(renderProblem).join('; ') };
  const { suite } = loaded;
  const address = given ?? suite.baseUrl;
  const headers = suite.steps.flatMap(({ request }) => Object.values(request.headers));
  const { missing } = fillEnvironment([address, ...headers].join('\n'), env);
  const { text: baseUrl } = fillEnvironment(address, env);
  if (missing.length > 0) return { ok: false, why: `${path}: ${sayMissing(missing)}` };
  if (!/^https?:\/\/[^/@]+(\/|$)/.test(baseUrl) || !URL.canParse(baseUrl)) {
    return {
      ok: false,
      why: `${path}: baseUrl must be an http or https address without credentials, such as http://127.0.0.1:8080`,
    };
  }
  return { ok: true, suite, baseUrl: baseUrl.replace(/\/+$/, '') };
}
