/** The gate of one stage: the plan's own, with what the stage says instead. */
import type { DocumentPath } from '../documents/read-document.js';
import type { DecisionFile, GateFile } from './gate-schema.js';
import type { PlanDraft } from './plan-draft.js';
import type { StageFile } from './plan-schema.js';

export type ChecklistFile = NonNullable<GateFile['checklist']>;

export interface MergedGate {
  readonly checks: readonly string[];
  readonly smoke: readonly string[];
  readonly checklist: ChecklistFile;
  readonly decision: DecisionFile | null;
}

export function mergeGates(standard: GateFile | null, own: GateFile | undefined): MergedGate {
  return {
    checks: own?.checks ?? standard?.checks ?? [],
    smoke: own?.smoke ?? standard?.smoke ?? [],
    checklist: own?.checklist ?? standard?.checklist ?? [],
    decision: own?.decision ?? standard?.decision ?? null,
  };
}

export interface StageGate {
  readonly index: number;
  readonly stage: StageFile;
  readonly gate: MergedGate;
}

/** Of the stages that can be read, when the plan's own gate can. */
export function stageGates({ stages, gate: standard }: PlanDraft): StageGate[] {
  if (standard === null) return [];
  return stages.flatMap((stage, index) =>
    stage === null ? [] : [{ index, stage, gate: mergeGates(standard, stage.gate) }],
  );
}

/** Each gate as it is written, with its place. */
export function writtenGates({ preflight, gate, stages }: PlanDraft): { path: DocumentPath; gate: GateFile }[] {
  return [
    ...(preflight === null ? [] : [{ path: ['preflight'], gate: preflight }]),
    ...(gate === null ? [] : [{ path: ['gate'], gate }]),
    ...stages.flatMap((stage, index) =>
      stage?.gate === undefined ? [] : [{ path: ['stages', index, 'gate'], gate: stage.gate }],
    ),
  ];
}
