/** Whether a smoke suite could be run from here; run only when that is asked for. */
import { readySuite } from '../adapters/smoke/ready-suite.js';
import { formatDuration } from '../core/duration.js';
import { ok, wrong } from './line.js';
import type { Check } from './place.js';

export const smokeSuite = (id: string, path: string): Check => {
  const about = `smoke suite ${id}`;
  return {
    about,
    silence: 'wrong',
    look: async ({ env }) => {
      const ready = await readySuite(path, env);
      if (!ready.ok) return [wrong(about, ready.why, null)];
      return [ok(about, `can be run: ${ready.suite.steps.length} steps`)];
    },
  };
};

export const smokeRun = (id: string): Check => {
  const about = `smoke run ${id}`;
  return {
    about,
    silence: 'wrong',
    look: async ({ adapters: { smoke } }) => {
      const { outcome, steps, durationMs, detail } = await smoke.run(id);
      if (outcome === 'passed') return [ok(about, `${steps.length} steps passed in ${formatDuration(durationMs)}`)];
      const red = outcome === 'failed' ? 'red' : 'could not be run';
      return [wrong(about, `${red}: ${detail ?? 'no reason given'}`, 'Mend the service, or the suite')];
    },
  };
};
