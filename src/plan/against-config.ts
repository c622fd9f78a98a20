/** What a plan names and only the worker's configuration can have: flag store, smoke suites, channels. */
import { didYouMean } from '../documents/nearest-word.js';
import { sortProblems, type Problem } from '../documents/problem.js';
import type { DocumentPath, Place, ReadDocument } from '../documents/read-document.js';
import { isMultiple } from '../core/percent-step.js';
import { writtenGates } from './merged-gate.js';
import type { PlanDraft } from './plan-draft.js';

/** An id that the plan uses and the configuration defines. */
export interface ConfiguredId extends Place {
  readonly kind: 'flag store' | 'smoke suite' | 'channel';
  readonly id: string;
}

/** Ids in the configuration, and its file. */
export interface KnownIds {
  readonly file: string;
  readonly flagStores: readonly string[];
  readonly smoke: readonly string[];
  readonly channels: readonly string[];
  /** By flag store, where it is coarser than a plan may be: the smallest part of a percent that it tells apart. */
  readonly percentSteps?: Readonly<Record<string, number>>;
  /** Those of them that reach customers. */
  readonly forCustomers?: readonly string[];
}

interface CheckedPlan {
  readonly ids: readonly ConfiguredId[];
  readonly source: { readonly planFile: string };
  readonly plan: { readonly stages: readonly { readonly percent: number }[] };
}

/** Empty when everything is there. Give it what `loadPlan` answered. */
export function checkAgainstConfig({ ids, source, plan }: CheckedPlan, known: KnownIds): Problem[] {
  const knownOf = { 'flag store': known.flagStores, 'smoke suite': known.smoke, channel: known.channels } as const;
  const problems = ids
    .filter(({ kind, id }) => !knownOf[kind].includes(id))
    .map(({ kind, id, line, column }): Problem => {
      const has = knownOf[kind];
      const message = `the configuration has no ${kind} "${id}"; it has: ${has.join(', ') || 'none'}.${didYouMean(id, has)} Add it to ${known.file}, or correct the plan.`;
      return { file: source.planFile, line, column, message, severity: 'error' };
    });
  const exposed = ids
    .filter(({ kind, id }) => kind === 'channel' && (known.forCustomers ?? []).includes(id))
    .map(({ id, line, column }): Problem => {
      const message = `the channel "${id}" reaches customers, and what a rollout says by itself is for staff. Leave it out here; a person writes there with: holdpoint comms send`;
      return { file: source.planFile, line, column, message, severity: 'error' };
    });
  return sortProblems([...problems, ...exposed, ...tooFine({ ids, source, plan }, known.percentSteps ?? {})]);
}

/** What a store would round is refused before anybody starts, not by its first flip. */
function tooFine({ ids, source, plan }: CheckedPlan, steps: Readonly<Record<string, number>>): Problem[] {
  return ids.flatMap(({ kind, id, line, column }): Problem[] => {
    const step = kind === 'flag store' ? steps[id] : undefined;
    const fine = step === undefined ? [] : plan.stages.filter(({ percent }) => !isMultiple(percent, step));
    if (fine.length === 0) return [];
    const percents = fine.map(({ percent }) => `${percent} %`).join(', ');
    const message = `the flag store "${id}" knows only steps of ${step} %, and stages are at ${percents}. Change those stages, or use another store.`;
    return [{ file: source.planFile, line, column, message, severity: 'error' }];
  });
}

export function configuredIds(draft: PlanDraft, { locate }: ReadDocument): ConfiguredId[] {
  const all = (kind: ConfiguredId['kind'], names: readonly string[], path: DocumentPath): ConfiguredId[] =>
    names.map((id, index) => ({ kind, id, ...locate([...path, index]) }));
  return [
    ...(draft.flag === null
      ? []
      : [{ kind: 'flag store' as const, id: draft.flag.store, ...locate(['flag', 'store']) }]),
    ...writtenGates(draft).flatMap(({ path, gate }) => all('smoke suite', gate.smoke ?? [], [...path, 'smoke'])),
    ...all('channel', draft.channels, ['announce', 'channels']),
  ];
}
