/** What a probe's answer is, given what the world showed. */
import type { FlagRecord } from './flag-record.js';
import { formatPercent } from './number-text.js';
import type { Probe } from './plan.js';
import type { Sample } from './sample.js';

export interface ProbeFacts {
  /** Of every check of the plan. */
  readonly samples: readonly Sample[];
  /** Null when the store could not be read; `flagProblem` says why. */
  readonly flag: FlagRecord | null;
  readonly flagProblem?: string;
}

/** What the rollout last proved. */
export interface Proven {
  readonly percent: number;
  readonly fence: number;
  readonly owner: string;
}

export interface ProbeAnswer {
  readonly ok: boolean;
  /** What was seen, in a few words. */
  readonly detail: string;
}

export function answerProbe(probe: Probe, facts: ProbeFacts, proven: Proven): ProbeAnswer {
  switch (probe) {
    case 'metrics-have-data':
      return metricsHaveData(facts);
    case 'flag-reads-back':
      return flagReadsBack(facts, proven);
  }
}

function metricsHaveData({ samples }: ProbeFacts): ProbeAnswer {
  const without = samples.flatMap(({ check, reading }) => {
    if (reading.kind === 'value') return [];
    return [reading.kind === 'no-data' ? `${check} has no data` : `${check} is ${reading.kind}: ${reading.detail}`];
  });
  return without.length === 0
    ? { ok: true, detail: `all ${samples.length} checks have data` }
    : { ok: false, detail: without.join('; ') };
}

function flagReadsBack({ flag, flagProblem = '' }: ProbeFacts, { percent, fence, owner }: Proven): ProbeAnswer {
  if (flag === null) return { ok: false, detail: `the flag cannot be read: ${flagProblem}` };
  const ok = flag.percent === percent && flag.fence === fence && flag.owner === owner;
  const seen = `the flag is at ${formatPercent(flag.percent)}, fence ${flag.fence}, owned by ${flag.owner ?? 'nobody'}`;
  return { ok, detail: ok ? seen : `${seen}; proven was ${formatPercent(percent)}, fence ${fence}` };
}
