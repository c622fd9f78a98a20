/** What Unleash's own log says of a write of ours: its event, and whether it overwrote what we had not seen. */
import { isMembers, type Members } from '../flag-rule.js';
import type { UnleashEvent } from './unleash-api.js';
import type { UnleashStrategy } from './unleash-feature.js';

export type UnleashEvidence =
  | { readonly kind: 'as-seen'; readonly id: string }
  /** `before`: what was there and was never seen. */
  | { readonly kind: 'overtook'; readonly id: string; readonly before: Pick<UnleashStrategy, 'title' | 'rollout'> }
  | { readonly kind: 'none' };

export function evidenceOf(
  events: readonly UnleashEvent[],
  seen: UnleashStrategy,
  wrote: { readonly rollout: string; readonly title: string | null },
): UnleashEvidence {
  const ours = events.find(
    ({ data }) => data['id'] === seen.id && rolloutIn(data) === wrote.rollout && titleIn(data) === wrote.title,
  );
  if (ours === undefined) return { kind: 'none' };
  const before = { title: titleIn(ours.preData), rollout: rolloutIn(ours.preData) };
  return before.title === seen.title && before.rollout === seen.rollout
    ? { kind: 'as-seen', id: ours.id }
    : { kind: 'overtook', id: ours.id, before };
}

const titleIn = ({ title }: Members): string | null => (typeof title === 'string' ? title : null);
const rolloutIn = ({ parameters }: Members): string =>
  isMembers(parameters) && typeof parameters['rollout'] === 'string' ? parameters['rollout'] : '';
