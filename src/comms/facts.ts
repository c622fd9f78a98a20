/** What Holdpoint itself fills into a template, from plan and status: never typed, so never typed wrong. */
import { formatInstant } from '../core/instant.js';
import { formatPercent } from '../core/number-text.js';
import type { Plan } from '../core/plan.js';
import type { RolloutStatus } from '../core/rollout-shapes.js';

export const factMeanings = {
  'plan.name': 'name of the plan',
  'plan.owner': 'who to ask',
  'plan.description': 'what it is for',
  'plan.start': 'when the plan begins',
  'plan.stages': 'its percentages',
  'flag.key': 'key of the flag',
  'flag.environment': 'environment of the flag',
  'rollout.percent': 'share of users who have it now',
  'rollout.state': 'state of the rollout',
  'rollout.since': 'since when it is in that state',
  'rollout.stage': 'number of the stage',
  'rollout.next': 'what comes next',
  'rollout.verdict': 'the last verdict, in a sentence',
  'rollout.startedBy': 'who started it',
  'rollout.name': 'how commands name it',
  by: 'who sends the message',
  now: 'when it is sent',
} as const;

export type FactName = keyof typeof factMeanings;
export const factNames = Object.keys(factMeanings) as readonly FactName[];
export const isFactName = (name: string): name is FactName => Object.hasOwn(factMeanings, name);

export interface FactSources {
  readonly plan: Plan;
  /** Null: there is no rollout yet. */
  readonly status: RolloutStatus | null;
  readonly by: string;
  readonly nowMs: number;
}

/** Null for what nobody knows: the plan does not say it, or there is no rollout. */
export function factsOf({ plan, status, by, nowMs }: FactSources): Readonly<Record<FactName, string | null>> {
  const { flag } = plan;
  return {
    'plan.name': plan.name,
    'plan.owner': plan.owner,
    'plan.description': plan.description,
    'plan.start': plan.startAt === null ? null : formatInstant(plan.startAt),
    'plan.stages': plan.stages.map(({ percent }) => formatPercent(percent)).join(', '),
    'flag.key': flag.key,
    'flag.environment': flag.environment,
    'rollout.percent': status === null ? null : formatPercent(status.percent.observed ?? status.percent.intended),
    'rollout.state': status?.state ?? null,
    'rollout.since': status === null ? null : formatInstant(status.since),
    'rollout.stage': status === null ? null : String(status.stage),
    'rollout.next': status?.next.sentence ?? null,
    'rollout.verdict': status === null ? null : (status.verdict?.headline ?? 'There is no verdict yet.'),
    'rollout.startedBy': status?.startedBy ?? null,
    'rollout.name': `${flag.environment}/${flag.key}`,
    by,
    now: formatInstant(Math.floor(nowMs / 60_000) * 60_000),
  };
}

/** Facts that a plan alone can lack. */
export const planLacks = (plan: Plan): readonly FactName[] => [
  ...(plan.owner === null ? (['plan.owner'] as const) : []),
  ...(plan.description === null ? (['plan.description'] as const) : []),
  ...(plan.startAt === null ? (['plan.start'] as const) : []),
];
