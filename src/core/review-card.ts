/** A review as Markdown for Temporal's own UI. */
import { formatInstant } from './instant.js';
import { markdownText } from './markdown-text.js';
import { reviewItem, type ReviewStatus } from './review.js';

export function reviewCard(status: ReviewStatus): string {
  const { brokenBy, brokenAt, reason, flag, environment, state, until, reviewed } = status;
  return [
    `### Review of a break-glass, ${state}`,
    '',
    `- ${markdownText(brokenBy)} took ${markdownText(`${environment}/${flag}`)} back without Temporal ${formatInstant(brokenAt)}: ${markdownText(reason)}`,
    ...(reviewed === null
      ? [
          `- Another person has to look at what happened, until ${formatInstant(until)}`,
          `- **To answer:** *More Actions*, *Send an Update*, choose \`attest\`, with this as data and your name in it:`,
          `- \`{"item": "${reviewItem}", "by": "your name", "note": "what you found"}\``,
        ]
      : [
          `- Reviewed by ${markdownText(reviewed.by)} ${formatInstant(reviewed.at)}${reviewed.note === null ? '' : `: ${markdownText(reviewed.note)}`}`,
        ]),
  ].join('\n');
}
