/** Every check of the doctor, side by side, each with a limit: whatever hangs, the rest is reported. */
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { AdapterError } from '../adapters/adapter-error.js';
import { openAdapters } from '../adapters/open.js';
import type { Config } from '../config.js';
import type { Environment } from '../fill-environment.js';
import { blotter, secretsIn } from '../log.js';
import { RolloutError } from '../rollout-error.js';
import { inTime, OutOfTimeError } from '../time-limit.js';
import { archiveFolder } from './archive-folder.js';
import { channel, noChannels } from './channel.js';
import { diskSpace } from './disk-space.js';
import { enterTemporal } from './enter-temporal.js';
import { flagAnswers } from './flag-answers.js';
import { flagStore } from './flag-store.js';
import { unreachable, wrong, type DoctorLine } from './line.js';
import { metricsSource } from './metrics-source.js';
import { orphans } from './orphan-lines.js';
import type { Check, Place, PlanAtHand } from './place.js';
import { planData } from './plan-data.js';
import { planFits, planFlag } from './plan-fits.js';
import { searchAttributesKnown } from './search-attributes.js';
import { smokeRun, smokeSuite } from './smoke-suite.js';
import { temporalClock } from './temporal-clock.js';
import { temporalServer } from './temporal-server.js';
import { workerQueues } from './worker-queues.js';

export interface Examination {
  readonly env: Environment;
  readonly talk: Writable;
  /** Null: nothing is asked about a plan. */
  readonly plan: PlanAtHand | null;
  /** Whether smoke suites are run, too. */
  readonly smoke: boolean;
}

const lineMs = 4_700;
/** A suite may take a minute, and half of one to clean up. */
const smokeMs = 95_000;
/** With half a second of grace each: one answer, or two rounds of many, fit into a line's time. */
const metricsMs = 3_500;
const quickMetricsMs = 1_400;

/** In the order in which they are shown. Never rejects, and no line holds a secret. */
export async function examine(config: Config, { env, talk, plan, smoke }: Examination): Promise<DoctorLine[]> {
  const opened = (mostMs: number) => openAdapters(withPatience(config, mostMs), { env, talk });
  const adapters = opened(metricsMs);
  const temporal = enterTemporal(config.temporal);
  temporal.catch(() => undefined);
  const place: Place = { config, env, adapters, quickMetrics: opened(quickMetricsMs).metrics, temporal, plan };
  const runs = smoke ? suitesToRun(config, plan) : [];
  const lines = await Promise.all([
    ...checksOf(place).map((check) => lookAt(check, place, lineMs)),
    ...runs.map((id) => lookAt(smokeRun(id), place, smokeMs)),
  ]);
  void temporal.then(({ reach }) => reach.close()).catch(() => undefined);
  const blot = blotter(secretsIn(config));
  return lines
    .flat()
    .map((line) => ({ ...line, saw: blot(line.saw), todo: line.todo === null ? null : blot(line.todo) }));
}

const withPatience = (config: Config, mostMs: number): Config => ({
  ...config,
  metrics: { ...config.metrics, timeoutMs: Math.min(config.metrics.timeoutMs, mostMs) },
});

function checksOf({ config, adapters, plan }: Place): Check[] {
  const { flagStores, smoke, channels, archive } = config;
  const channelChecks = Object.entries(channels).map(([id, one]) => channel(id, one));
  return [
    temporalServer,
    temporalClock,
    workerQueues,
    searchAttributesKnown,
    ...[...adapters.flagStores].flatMap(([id, store]) => {
      const one = flagStores[id];
      if (one === undefined) return [];
      const check = flagStore(id, store, one);
      return one.kind === 'file'
        ? [check, flagAnswers(id, one.path), diskSpace(`flag store ${id}`, dirname(one.path))]
        : [check];
    }),
    metricsSource,
    ...(plan === null ? [] : [planFits(plan), planFlag(plan), planData(plan.plan)]),
    ...Object.entries(smoke).map(([id, path]) => smokeSuite(id, path)),
    ...(channelChecks.length === 0 ? [noChannels] : channelChecks),
    archiveFolder,
    diskSpace('archive', archive.path),
    orphans,
  ];
}

/** With a plan, those it names. */
function suitesToRun({ smoke }: Config, plan: PlanAtHand | null): string[] {
  const all = Object.keys(smoke);
  if (plan === null) return all;
  const gates = [plan.plan.preflight, ...plan.plan.stages.map(({ gate }) => gate)];
  const named = new Set(gates.flatMap((gate) => gate?.smoke ?? []));
  return all.filter((id) => named.has(id));
}

async function lookAt(check: Check, place: Place, limitMs: number): Promise<readonly DoctorLine[]> {
  const { about, silence, look } = check;
  try {
    return await inTime(look(place), limitMs);
  } catch (error) {
    if (error instanceof OutOfTimeError) {
      const line = silence === 'unreachable' ? unreachable : wrong;
      return [line(about, error.message, 'See what hangs there')];
    }
    if (error instanceof RolloutError) {
      const line = error.kind === 'unreachable' || error.kind === 'no-worker' ? unreachable : wrong;
      return [line(about, error.message, null)];
    }
    if (error instanceof AdapterError) return [wrong(about, error.message, null)];
    return [wrong(about, `could not be looked at: ${(error as Error).message}`, null)];
  }
}
