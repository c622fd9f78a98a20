/** Whether the metrics source answers queries, and by which clock. */
import { judgeClock } from './clock-skew.js';
import { ok, unreachable, type DoctorLine } from './line.js';
import type { Check } from './place.js';

const about = 'metrics';

export const metricsSource: Check = {
  about,
  silence: 'unreachable',
  look: async ({ adapters: { metrics } }): Promise<DoctorLine[]> => {
    const beforeMs = Date.now();
    const answer = await metrics.ready();
    const afterMs = Date.now();
    if (!answer.ready) {
      const todo = 'Start it, or correct metrics in the configuration; until it answers no rollout moves up';
      return [unreachable(about, `${metrics.server} does not answer queries: ${answer.detail}`, todo)];
    }
    const { clockMs } = answer;
    return [
      ok(about, `${metrics.server} answers queries`),
      clockMs === null
        ? ok(`clock of ${about}`, 'this source does not show its clock')
        : judgeClock(`clock of ${about}`, "the metrics source's clock", { theirsMs: clockMs, beforeMs, afterMs }),
    ];
  },
};
