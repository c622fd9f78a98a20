/** How following a rollout ended, in a sentence. */
import { formatPercent } from '../../core/number-text.js';
import type { FollowEnd } from '../follow.js';
import { paintState } from './words.js';
import type { Paint } from '../terminal.js';

export function renderEnd(end: FollowEnd, name: string, paint: Paint): string {
  switch (end.kind) {
    case 'ended': {
      const { outcome, percent, reason } = end.result;
      return `${paint.bold(name)}  ${paintState(paint, outcome)} at ${formatPercent(percent)}. ${reason}\n  records: holdpoint report ${name}`;
    }
    case 'ended-outside':
      return `${paint.bold(name)}  ${paint.red('ended from outside')}. ${end.message}`;
    case 'paused':
      return `${paint.bold(name)}  ${paintState(paint, 'paused')}. See why: holdpoint why ${name}   Go on: holdpoint resume ${name} --reason "why"`;
    case 'timed-out':
      return `${paint.bold(name)}  is still going on. Follow it again: holdpoint watch ${name}`;
  }
}
