/** What a worker counts about its rollouts, under names that dashboards and alerts rely on. */
import type { InjectedSinks } from '@temporalio/worker';
import type { WorkflowInfo } from '@temporalio/workflow';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { isClosedState } from './core/rollout-shapes.js';
import type { FlagLabels, RolloutSinks } from '../workflows/telemetry.js';

export interface Telemetry {
  /** In the text format that Prometheus scrapes. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
  readonly sinks: InjectedSinks<RolloutSinks>;
  adapterFailed(adapter: string, reason: string): void;
  /** Flags that are up with no rollout behind them, as last counted. */
  orphans(count: number): void;
}

/** A closed rollout's gauges stay long enough to be scraped and seen, then go: flags come and go, a worker stays. */
const keepClosedMs = 15 * 60_000;

export function openTelemetry(): Telemetry {
  const registry = new Registry();
  const adapterErrors = new Counter({
    name: 'holdpoint_adapter_errors_total',
    help: 'Times the outside world could not be asked or written to.',
    labelNames: ['adapter', 'reason'] as const,
    registers: [registry],
  });
  const orphans = new Gauge({
    name: 'holdpoint_orphans',
    help: 'Flags that are up with no rollout behind them. Nobody watches those.',
    registers: [registry],
  });
  return {
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    sinks: { telemetry: { ...openCounters(registry), state: openGauges(registry) } },
    adapterFailed: (adapter, reason) => adapterErrors.inc({ adapter, reason }),
    orphans: (count) => orphans.set(count),
  };
}

type TelemetrySink = InjectedSinks<RolloutSinks>['telemetry'];

const flagLabels = ['flag', 'environment'] as const;

function openCounters(registry: Registry): Omit<TelemetrySink, 'state'> {
  const registers = [registry];
  const verdicts = new Counter({
    name: 'holdpoint_verdicts_total',
    help: 'Verdicts on looks and hold points.',
    labelNames: [...flagLabels, 'outcome'] as const,
    registers,
  });
  const moves = new Counter({
    name: 'holdpoint_moves_total',
    help: 'What the orchestrator did next, each time that changed.',
    labelNames: [...flagLabels, 'move'] as const,
    registers,
  });
  const rollback = new Histogram({
    name: 'holdpoint_rollback_seconds',
    help: 'From the request for a rollback until the safe state was written, and until it was proven.',
    labelNames: [...flagLabels, 'phase'] as const,
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
    registers,
  });
  const lateness = new Histogram({
    name: 'holdpoint_look_lateness_seconds',
    help: 'How late looks began.',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  });
  const humanWait = new Histogram({
    name: 'holdpoint_human_wait_seconds',
    help: 'From asking people at a hold point until the rollout moved on.',
    buckets: [10, 30, 60, 300, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400],
    registers,
  });
  return {
    verdict: { fn: (_, { flag, environment, outcome }) => verdicts.inc({ flag, environment, outcome }) },
    move: { fn: (_, { flag, environment, move }) => moves.inc({ flag, environment, move }) },
    rollback: {
      fn: (_, { flag, environment, phase, seconds }) => rollback.observe({ flag, environment, phase }, seconds),
    },
    lookLateness: { fn: (_, { seconds }) => lateness.observe(seconds) },
    humanWait: { fn: (_, { seconds }) => humanWait.observe(seconds) },
  };
}

/** What a flag's gauges show now, and whose they are. */
interface Shown extends FlagLabels {
  readonly startedAtMs: number;
  readonly state: string;
  readonly forget: NodeJS.Timeout | undefined;
}

function openGauges(registry: Registry): TelemetrySink['state'] {
  const registers = [registry];
  const percent = new Gauge({
    name: 'holdpoint_rollout_percent',
    help: 'Share of users who get the flag: as the rollout intends, and as the flag store was last seen to hold.',
    labelNames: [...flagLabels, 'view'] as const,
    registers,
  });
  const states = new Gauge({
    name: 'holdpoint_rollout_state',
    help: '1 for the state a rollout is in.',
    labelNames: [...flagLabels, 'state'] as const,
    registers,
  });
  const shown = new Map<string, Shown>();
  const show = (info: WorkflowInfo, note: Parameters<TelemetrySink['state']['fn']>[1]): void => {
    const { flag, environment, state, intended, observed } = note;
    const labels = { flag, environment };
    const before = shown.get(info.workflowId);
    const startedAtMs = info.runStartTime.getTime();
    // Asking a closed rollout replays it: what it was must not hide what its flag's newer rollout is.
    if (before !== undefined && before.startedAtMs > startedAtMs) return;
    clearTimeout(before?.forget);
    if (before !== undefined && before.state !== state) states.remove({ ...labels, state: before.state });
    states.set({ ...labels, state }, 1);
    percent.set({ ...labels, view: 'intended' }, intended);
    if (observed === null) percent.remove({ ...labels, view: 'observed' });
    else percent.set({ ...labels, view: 'observed' }, observed);
    const forget = isClosedState(state) ? setTimeout(hide, keepClosedMs, info.workflowId).unref() : undefined;
    shown.set(info.workflowId, { ...labels, startedAtMs, state, forget });
  };
  const hide = (workflowId: string): void => {
    const gone = shown.get(workflowId);
    if (gone === undefined) return;
    const { flag, environment, state } = gone;
    states.remove({ flag, environment, state });
    for (const view of ['intended', 'observed']) percent.remove({ flag, environment, view });
    shown.delete(workflowId);
  };
  // Also during replay: after a restart the gauges must come back.
  return { fn: show, callDuringReplay: true };
}
