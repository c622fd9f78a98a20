/** One feature in one environment as Unleash describes it, and the percent that its strategies make. */
import { isMembers, type Members } from '../flag-rule.js';
import { readNote, type UnleashNote } from './unleash-note.js';

export interface UnleashStrategy {
  readonly id: string;
  readonly name: string;
  readonly title: string | null;
  readonly disabled: boolean;
  readonly rollout: string;
  /** No constraint and no segment leaves anybody out. */
  readonly forAll: boolean;
}

export interface UnleashFeature {
  readonly enabled: boolean;
  /** As Unleash sent it: what a revision is made over. */
  readonly environment: Members;
  readonly strategies: readonly UnleashStrategy[];
}

/** Null when the feature has no such environment. */
export function readFeature(answer: unknown, environment: string): UnleashFeature | null {
  const environments = isMembers(answer) && Array.isArray(answer['environments']) ? answer['environments'] : [];
  const found = (environments as unknown[]).find((one) => isMembers(one) && one['name'] === environment);
  if (!isMembers(found) || !isMembers(answer)) return null;
  const strategies = Array.isArray(found['strategies']) ? (found['strategies'] as unknown[]).filter(isMembers) : [];
  const { enabled } = found;
  return {
    // Nobody is given an archived one.
    enabled: enabled === true && answer['archived'] !== true,
    environment: { enabled, strategies },
    strategies: strategies.map(readStrategy),
  };
}

function readStrategy({ id, name, title, disabled, parameters, constraints, segments }: Members): UnleashStrategy {
  const rollout = isMembers(parameters) ? parameters['rollout'] : undefined;
  const isEmpty = (value: unknown): boolean => !Array.isArray(value) || value.length === 0;
  return {
    id: String(id),
    name: String(name),
    title: typeof title === 'string' ? title : null,
    disabled: disabled === true,
    rollout: typeof rollout === 'string' || typeof rollout === 'number' ? String(rollout) : '',
    forAll: isEmpty(constraints) && isEmpty(segments),
  };
}

export const isRollout = ({ name }: UnleashStrategy): boolean => name === 'flexibleRollout';

/**
 * The one that says who is in: strategies are alternatives, so of several no percent can be told. Those that are
 * switched off let nobody in.
 */
export function onlyRollout({ strategies }: UnleashFeature): UnleashStrategy | null {
  const awake = strategies.filter(({ disabled }) => !disabled);
  const [only] = awake;
  return only !== undefined && awake.length === 1 && isRollout(only) ? only : null;
}

export function percentOf(feature: UnleashFeature): number | null {
  if (!feature.enabled) return 0;
  // Without any strategy a feature that is on is on for everybody.
  if (feature.strategies.length === 0) return 100;
  const { rollout = '' } = onlyRollout(feature) ?? {};
  const percent = /^\d+(\.\d+)?$/.test(rollout) ? Number(rollout) : Number.NaN;
  return percent <= 100 ? percent : null;
}

/** The strategy that carries our note, and the note: of several one that is not switched off. */
export function noteIn({
  strategies,
}: UnleashFeature): { readonly holder: UnleashStrategy; readonly note: UnleashNote } | null {
  for (const holder of strategies.toSorted((one, other) => Number(one.disabled) - Number(other.disabled))) {
    const note = readNote(holder.title);
    if (note !== null) return { holder, note };
  }
  return null;
}

/** Whether everybody has it, or nobody. */
export const isPinned = (feature: UnleashFeature | null, value: boolean): boolean =>
  feature !== null && (value ? feature.enabled && feature.strategies.some(letsAllIn) : !feature.enabled);

export const letsAllIn = (strategy: UnleashStrategy): boolean =>
  !strategy.disabled && strategy.forAll && isRollout(strategy) && strategy.rollout === '100';
