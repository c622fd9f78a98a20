/** Whether this place has what a plan names, and its flag may be claimed. */
import { renderProblem } from '../documents/problem.js';
import { rolloutOwner } from '../core/names.js';
import { formatPercent } from '../core/number-text.js';
import { ownerStanding } from '../owner-standing.js';
import { ok, warn, wrong, type DoctorLine } from './line.js';
import { askTemporal, type Check, type PlanAtHand } from './place.js';

export const planFits = ({ plan, problems }: PlanAtHand): Check => ({
  about: 'plan',
  silence: 'wrong',
  look: () =>
    Promise.resolve(
      problems.length === 0
        ? [ok('plan', `${plan.name}: flag store, smoke suites and channels are all configured`)]
        : problems.map((problem) => wrong('plan', renderProblem(problem), null)),
    ),
});

/** A claim takes a flag at 0 % whose owner has closed. */
export const planFlag = ({ plan: { flag } }: PlanAtHand): Check => {
  const about = 'flag of the plan';
  const name = `${flag.environment}/${flag.key}`;
  return {
    about,
    silence: 'unreachable',
    look: async (place): Promise<readonly DoctorLine[]> => {
      const record = await place.adapters.flagStores.get(flag.store)?.read(flag.key);
      if (record === undefined) return [];
      if (record.percent !== 0) {
        const at =
          record.percent === null ? 'has a rule that Holdpoint cannot read' : `is at ${formatPercent(record.percent)}`;
        return [
          wrong(about, `${name} ${at}: a start would be refused`, `Take it to 0 % first: holdpoint rollback ${name}`),
        ];
      }
      const owner = rolloutOwner(record.owner);
      if (owner === null) return [ok(about, `${name} is at 0 %, and no rollout owns it`)];
      return askTemporal(about, place, async ({ client }) => {
        const standing = await ownerStanding(client, owner);
        return standing?.kind === 'open'
          ? [
              warn(
                about,
                `${name} is at 0 % and has an open rollout: a second start would be refused`,
                `holdpoint status ${name}`,
              ),
            ]
          : [ok(about, `${name} is at 0 %, and its last rollout is over`)];
      });
    },
  };
};
