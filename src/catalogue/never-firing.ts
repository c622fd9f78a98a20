/** Alerts that no number could ever set off: worse than none, for somebody counts on them. */
import { formatDuration } from '../core/duration.js';
import type { AlertFile } from './alert-schema.js';
import type { AlertCondition } from './catalogue.js';
import type { SliFile } from './catalogue-schema.js';

interface Never {
  readonly key: keyof AlertFile | null;
  readonly message: string;
}

/** Null: it can. What a burn rate can reach depends on its ratio, so that is a rule's business. */
export function whyNever(file: AlertFile, sli: SliFile, condition: AlertCondition): Never | null {
  switch (condition.kind) {
    case 'limit': {
      const { side, value } = condition;
      const key = file[side] === undefined ? null : side;
      if (sli.kind === 'ratio' && side === 'above' && value >= 1)
        return { key, message: 'a share is never above 1; write less, such as above: 0.01' };
      // A gauge may be negative.
      return sli.kind !== 'gauge' && side === 'below' && value <= 0
        ? { key, message: `a ${sli.kind} is never below 0; write more` }
        : null;
    }
    case 'missing': {
      const [within, lasting] = [condition.withinMs, file.for].map(formatDuration);
      return file.for >= condition.withinMs
        ? {
            key: 'for',
            message: `what is gone is remembered for ${within}, and this waits for ${lasting}; write less than that, or a longer missing`,
          }
        : null;
    }
    case 'burn':
    case 'baseline':
      return null;
  }
}
