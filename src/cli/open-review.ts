/** Opening the review of a break-glass when Temporal is there: after the flag is back, and only for a moment. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.js';
import type { BreakGlass } from '../core/flag-record.js';
import { rolloutWorkflowId } from '../core/names.js';
import { reviewItem, type ReviewInput } from '../core/review.js';

export interface BrokenFlag {
  readonly store: string;
  readonly key: string;
  readonly breakGlass: BreakGlass;
}

const patienceMs = 2_000;

/** What to say about the review: that it is open, or when it will be. */
export async function openReview(config: Config, broken: BrokenFlag): Promise<string> {
  const opened = await Promise.race([open(config, broken).catch(() => false), sleep(patienceMs, false)]);
  const { environment, by } = broken.breakGlass;
  const answer = `holdpoint attest ${reviewItem} ${environment}/${broken.key} --by NAME --note "what you found"`;
  return opened
    ? `A review is open: another person than ${by} looks at what happened, and answers with: ${answer}`
    : `Temporal does not answer now. When it does and a worker runs, a review opens: another person than ${by} answers it with: ${answer}`;
}

async function open({ temporal }: Config, broken: BrokenFlag): Promise<boolean> {
  const { openRolloutClient } = await import('../rollout-client.js');
  const client = await openRolloutClient(temporal);
  try {
    const { environment } = broken.breakGlass;
    const rollout = rolloutWorkflowId(environment, broken.key);
    const channels = await client.plan({ rollout }).then(
      (plan) => plan.channels,
      () => [],
    );
    const input: ReviewInput = { ...broken, ...(channels.length === 0 ? {} : { channels }) };
    await client.openReview(input);
    return true;
  } finally {
    await client.close();
  }
}
