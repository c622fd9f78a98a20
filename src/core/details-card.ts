/** The status as Markdown lists, for Temporal's own UI (its table columns run together) and for reports. */
import { shortDigest } from './digest.js';
import type { FindingOutcome } from './finding.js';
import { formatInstant } from './instant.js';
import { formatPercent } from './number-text.js';
import { isClosedState, type RolloutStatus, type WhyAnswer } from './rollout-shapes.js';

export function detailsCard(status: RolloutStatus, why: WhyAnswer): string {
  return [
    `### ${status.plan}: ${formatPercent(status.percent.intended)} — ${status.state}`,
    `- **Stage** ${status.stage} of ${status.stages}, since ${formatInstant(status.since)}`,
    `- **Percent** intended ${formatPercent(status.percent.intended)}, observed ${observedText(status)}`,
    `- **Next** ${status.next.sentence}`,
    ...verdictLines(status),
    ...askedLines(status),
    ...why.blockers.map((blocker) => `- **Waiting for** ${blocker.sentence}`),
    `- **Started by** ${status.startedBy}, plan ${shortDigest(status.planDigest)}, fence ${status.fence}`,
    ...(isClosedState(status.state)
      ? []
      : [
          '- **To take it back now** send the signal `rollback`; *Request Cancellation* does the same. Never *Terminate*: it leaves the flag where it is.',
        ]),
  ].join('\n');
}

function observedText({ percent }: RolloutStatus): string {
  return percent.observedAt === null
    ? 'not read yet'
    : `${formatPercent(percent.observed)} at ${formatInstant(percent.observedAt)}`;
}

/** Temporal's UI runs nested lists together, so findings are items of the one list. */
const marks: Readonly<Record<FindingOutcome, string>> = {
  pass: '✓ pass:',
  fail: '✗ FAIL:',
  insufficient: '? too little data:',
  unavailable: '? no answer:',
  invalid: '? not one number:',
};

function verdictLines({ verdict }: RolloutStatus): string[] {
  if (verdict === null) return [];
  return [
    `- **Verdict** ${verdict.outcome} (evidence ${shortDigest(verdict.evidenceDigest)}, ${formatInstant(verdict.at)}): ${verdict.headline}`,
    ...verdict.findings.map((finding) => `- ${marks[finding.outcome]} ${finding.sentence}`),
  ];
}

function askedLines({ asked, stage }: RolloutStatus): string[] {
  if (asked === null) return [];
  const until = asked.until === null ? '' : `, until ${formatInstant(asked.until)}`;
  return [
    ...asked.roles.map(({ role, have, need }) => `- **Asked** ${role}: ${have} of ${need}${until}`),
    ...asked.decisions.map(({ by, role, decision }) => `- **Decided** ${by} as ${role}: ${decision}`),
    ...(asked.roles.length > 0
      ? [
          `- **To decide** send the signal \`go\` or \`noGo\` with \`{"by": "your name", "role": "your role", "stage": ${stage}}\``,
        ]
      : []),
  ];
}
