/** Every number a rollout saw, taken from its pack: the samples behind its verdicts, with what they meant. */
import type { AuditEntry } from './audit.js';
import { rebuildEvidence } from './evidence-trace.js';
import { judgeSample, type Finding } from './finding.js';
import type { PackFile } from './named-file.js';
import type { Plan } from './plan.js';
import type { Sample } from './sample.js';

export interface SeenSample {
  readonly sample: Sample;
  readonly finding: Finding;
  readonly stage: number;
}

export interface SeenSamples {
  /** Oldest first; each once, however many verdicts rest on it. */
  readonly samples: readonly SeenSample[];
  /** Verdicts whose samples the pack does not hold. */
  readonly missing: number;
}

export function seenSamples(
  plan: Plan,
  audit: readonly AuditEntry[],
  files: ReadonlyMap<string, PackFile>,
): SeenSamples {
  const seen = new Map<string, SeenSample>();
  let missing = 0;
  for (const entry of audit) {
    if (entry.kind !== 'verdict') continue;
    const rebuilt = rebuildEvidence(entry, audit, files);
    if (rebuilt.kind !== 'evidence') {
      missing += 1;
      continue;
    }
    const { samples, flippedAt, stage } = rebuilt.evidence;
    for (const sample of samples) {
      const check = plan.checks[sample.check];
      if (check === undefined) continue;
      const finding = judgeSample(check, sample, flippedAt);
      seen.set(`${sample.scope}/${sample.check}/${sample.at}`, { sample, finding, stage });
    }
  }
  return { samples: [...seen.values()].toSorted((a, b) => a.sample.at.localeCompare(b.sample.at)), missing };
}
