/** Updates that readers were promised: by whom, until when, and how to keep or end the promise. */
import { formatInstant } from '../../core/instant.js';
import type { PromiseSummary } from '../../promised-updates.js';
import type { Paint } from '../terminal.js';

/** No lines when none is owed. */
export function renderPromises(promises: readonly PromiseSummary[], paint: Paint): string[] {
  return promises.flatMap(({ environment, flag, by, nextUpdateAt, state }) => [
    '',
    `${paint.yellow('Update owed')}  ${paint.bold(`${environment}/${flag}`)}  ${by} promised readers one by ${formatInstant(nextUpdateAt)}`,
    ...(state === 'late' ? [paint.red('  it did not come in time')] : []),
    `  to send it: holdpoint comms send TEMPLATE ${environment}/${flag} --plan PLAN`,
    `  nobody waits for it: holdpoint comms close ${environment}/${flag} --reason "why"`,
  ]);
}
