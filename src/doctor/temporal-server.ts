/** Whether the Temporal server answers, lets us in, and has the namespace. */
import { formatDuration } from '../core/duration.js';
import { ok } from './line.js';
import type { Check } from './place.js';

export const temporalServer: Check = {
  about: 'temporal',
  silence: 'unreachable',
  look: async ({ temporal }) => {
    const { reach, serverVersion, retentionMs } = await temporal;
    const keeps = retentionMs > 0 ? `, which keeps closed rollouts for ${formatDuration(retentionMs)}` : '';
    return [
      ok('temporal', `server ${serverVersion} at ${reach.address} answers, namespace ${reach.namespace}${keeps}`),
    ];
  },
};
