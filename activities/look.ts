/** One look: samples, the flag as it is, and the raw answers into the archive. It judges nothing. */
import { cancellationSignal } from '@temporalio/activity';
import { AdapterError } from '../src/adapters/adapter-error.js';
import { shortDigest, textDigest } from '../src/core/digest.js';
import type { FlagRecord } from '../src/core/flag-record.js';
import type { ActivityDeps } from './deps.js';
import type { LookFacts, LookInput } from './facts.js';
import { configured } from './failures.js';
import { measure } from './measure.js';
import { whileBeating } from './while-beating.js';

export function createLook(deps: ActivityDeps) {
  return {
    look: (input: LookInput): Promise<LookFacts> => whileBeating(() => look(deps, input)),
  };
}

async function look(deps: ActivityDeps, input: LookInput): Promise<LookFacts> {
  const at = new Date(deps.now()).toISOString();
  const [samples, flag] = await Promise.all([
    measure(deps.metrics, input.asked, { at, signal: cancellationSignal() }),
    readFlag(deps, input),
  ]);
  const raw = { at, stage: input.stage, server: deps.metrics.server, asked: input.asked, samples, ...flag };
  return { at, samples, ...flag, ...(await archiveRaw(deps, input.pack, raw)) };
}

async function readFlag(
  deps: ActivityDeps,
  { flag }: LookInput,
): Promise<{ flag: FlagRecord | null; flagProblem?: string }> {
  try {
    return { flag: await configured(deps.flagStores, flag.store, 'flag store').read(flag.key) };
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return { flag: null, flagProblem: error.message };
  }
}

/** A full disk must not blind the watch: without its archive a look still counts, and says so. */
async function archiveRaw(
  deps: ActivityDeps,
  pack: string,
  raw: { readonly at: string },
): Promise<Pick<LookFacts, 'archived' | 'archiveProblem'>> {
  const text = `${JSON.stringify(raw, null, 1)}\n`;
  const digest = textDigest(text);
  const file = `samples/${raw.at.replaceAll(':', '-')}-${shortDigest(digest)}.json`;
  try {
    await deps.archive.put(`${pack}/${file}`, text);
    return { archived: { file, digest } };
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return { archived: null, archiveProblem: error.message };
  }
}
