/** Whether the configuration has what a plan names: flag store, smoke suites, channels. */
import type { Config } from '../config.js';
import { didYouMean } from '../documents/nearest-word.js';
import type { Problem } from '../documents/problem.js';
import type { GoodPlan } from './open-plan.js';

type Path = readonly (string | number)[];

/** Something the plan names, and where. */
interface Named {
  readonly id: string;
  readonly path: Path;
}

export function planAgainstConfig(loaded: GoodPlan, config: Config): Problem[] {
  const { plan, locate, source } = loaded;
  const channels = plan.channels.map((id, index) => ({ id, path: ['announce', 'channels', index] }));
  return [
    ...unknown('flag store', [{ id: plan.flag.store, path: ['flag', 'store'] }], config.flagStores),
    ...unknown('smoke suite', smokeOf(loaded), config.smoke),
    ...unknown('channel', channels, config.channels),
  ].map(({ path, what }) => ({
    file: source.planFile,
    ...locate(path),
    message: `${what} Add it to ${config.file}, or correct the plan.`,
    severity: 'error' as const,
  }));
}

function smokeOf({ plan, locate }: GoodPlan): Named[] {
  const stages = plan.stages.flatMap(({ gate }, stage) => {
    const own = ['stages', stage, 'gate'];
    // A stage without suites of its own has the default gate's.
    const isOwn = JSON.stringify(locate([...own, 'smoke'])) !== JSON.stringify(locate(own));
    return gate.smoke.map((id, index) => ({ id, path: [...(isOwn ? own : ['gate']), 'smoke', index] }));
  });
  const preflight = (plan.preflight?.smoke ?? []).map((id, index) => ({ id, path: ['preflight', 'smoke', index] }));
  return [...preflight, ...stages];
}

/** Each unknown id once, where it stands first. */
function unknown(what: string, named: readonly Named[], known: Readonly<Record<string, unknown>>) {
  const names = Object.keys(known);
  return named
    .filter(({ id }, index) => !Object.hasOwn(known, id) && named.findIndex((other) => other.id === id) === index)
    .map(({ id, path }) => ({
      path,
      what: `the configuration has no ${what} "${id}"; it has: ${names.join(', ') || 'none'}.${didYouMean(id, names)}`,
    }));
}
