/** What was exported, for a person. */
import type { Paint } from '../terminal.js';

export interface Export {
  readonly pack: string;
  readonly rollout: string;
  readonly runId: string;
  /** `open` while it is. */
  readonly outcome: string;
  readonly entries: number;
  readonly head: string;
  /** How many sample files are in it. */
  readonly samples: number;
  readonly missing: readonly string[];
}

export function renderExport(said: Export, paint: Paint): string {
  const [first] = said.missing;
  return [
    `${paint.bold(said.pack)}`,
    `  rollout  ${said.rollout}, run ${said.runId}: ${said.outcome}`,
    `  holds    ${said.entries} entries, ${said.samples} sample files`,
    `  head     ${said.head}`,
    `  check it:  holdpoint audit verify ${said.pack} --head ${said.head}`,
    ...(first === undefined
      ? []
      : [
          `${paint.red('incomplete')}: ${said.missing.length} sample files are not in the archive that this configuration reaches, ${first} first.`,
          "  Verify will miss them. Export from where the worker's archive is, or copy them from there.",
        ]),
  ].join('\n');
}
