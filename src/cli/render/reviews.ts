/** Open reviews of break-glasses: who has to be asked for what, since when, and how to answer. */
import { formatInstant } from '../../core/instant.js';
import { reviewItem } from '../../core/review.js';
import type { ReviewSummary } from '../../reviews.js';
import type { Paint } from '../terminal.js';

/** No lines when none is open. */
export function renderReviews(reviews: readonly ReviewSummary[], paint: Paint): string[] {
  return reviews.flatMap(({ environment, flag, brokenBy, brokenAt, reason, state }) => [
    '',
    `${paint.yellow('Review wanted')}  ${paint.bold(`${environment}/${flag}`)}  ${brokenBy} broke the glass ${formatInstant(brokenAt)}: ${reason}`,
    ...(state === 'needs-a-human' ? [paint.red('  nobody has reviewed it in time')] : []),
    `  another person: holdpoint attest ${reviewItem} ${environment}/${flag} --by NAME --note "what you found"`,
  ]);
}
