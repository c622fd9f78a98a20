/** The status as Markdown for Temporal's own UI. Flat lists only: it runs table columns and nested lists together. */
import { shortDigest } from './digest.js';
import type { Finding } from './finding.js';
import { formatInstant } from './instant.js';
import { markdownText } from './markdown-text.js';
import { formatPercent } from './number-text.js';
import { isClosedState, type RolloutStatus, type WhyAnswer } from './rollout-shapes.js';

type Asked = NonNullable<RolloutStatus['asked']>;

/** What an approver needs comes first: what is asked, on which numbers, and how to answer. */
export function detailsCard(status: RolloutStatus, why: WhyAnswer): string {
  const open = !isClosedState(status.state);
  const sections = [
    [`### ${formatPercent(status.percent.intended)}, ${status.state}`, '', `**${markdownText(status.next.sentence)}**`],
    ...(open ? [refusedLines(status)] : []),
    receiptLines(status),
    blockerLines(why),
    verdictLines(status),
    askedLines(status),
    ...(open ? [wayBackLines] : []),
    aboutLines(status),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function receiptLines({ receipt }: RolloutStatus): string[] {
  if (receipt === null) return [];
  const asked = `- Asked by ${markdownText(receipt.by)}: ${markdownText(receipt.reason)}`;
  if (!receipt.written) return ['#### Rollback: nothing was written', asked];
  const { percent, writtenAt, provenAt, fence } = receipt;
  return [
    `#### Rollback: ${receipt.state} at ${formatPercent(percent)}`,
    asked,
    `- Written ${formatInstant(writtenAt)}`,
    ...(provenAt === undefined ? [] : [`- Read back ${formatInstant(provenAt)}, fence ${fence}`]),
  ];
}

/** People who are asked have a section of their own. */
function blockerLines({ blockers }: WhyAnswer): string[] {
  const others = blockers.filter(({ kind }) => kind !== 'decision' && kind !== 'checklist');
  if (others.length === 0) return [];
  return [
    '#### What it waits for',
    ...others.map(
      ({ sentence, until }) => `- ${markdownText(sentence)}${until === null ? '' : ` Until ${formatInstant(until)}.`}`,
    ),
  ];
}

function verdictLines({ verdict }: RolloutStatus): string[] {
  if (verdict === null) return [];
  const { outcome, headline, evidenceDigest, at, findings } = verdict;
  const ofGateFirst = findings.toSorted((a, b) => Number(a.scope === 'watch') - Number(b.scope === 'watch'));
  return [
    `#### Verdict: ${outcome}. ${markdownText(headline)}`,
    ...ofGateFirst.map(findingLine),
    `- Evidence ${shortDigest(evidenceDigest)}, ${formatInstant(at)}`,
  ];
}

function findingLine({ outcome, severity, scope, sentence }: Finding): string {
  const weight = outcome === 'pass' ? 'pass' : `**${outcome}** (${severity})`;
  return `- ${weight}${scope === 'watch' ? ', watched' : ''}: ${markdownText(sentence)}`;
}

function askedLines(status: RolloutStatus): string[] {
  const { asked } = status;
  if (asked === null) return [];
  const { roles, checklist, probes, decisions, until } = asked;
  return [
    `#### Asked${until === null ? '' : ` until ${formatInstant(until)}`}`,
    ...roles.map(({ role, have, need }) => `- ${markdownText(role)}: ${have} of ${need} have said go`),
    ...decisions.map(
      ({ by, role, decision, at }) =>
        `- ${markdownText(by)} as ${markdownText(role)}: **${decision}**, ${formatInstant(at)}`,
    ),
    ...answerLines(status, asked),
    ...checklist.map(
      ({ id, title, role, due }) =>
        `- ${markdownText(role)}: ${markdownText(title)} is not attested yet${due === null ? '' : `, due ${formatInstant(due)}`}. To attest: *More Actions*, *Send an Update*, choose \`attest\`, with ${jsonCode({ item: id, by: 'your name' })} as data`,
    ),
    ...probes.map(({ title, detail }) => `- ${markdownText(title)}: not so yet, ${markdownText(detail)}`),
  ];
}

/** Filled in, so that a go is bound to the evidence that this very card shows. */
function answerLines({ stage, verdict }: RolloutStatus, { roles }: Asked): string[] {
  const bound = verdict === null ? {} : { evidenceDigest: verdict.evidenceDigest };
  const open = roles.filter(({ have, need }) => have < need);
  if (open.length === 0) return [];
  return [
    '- **To answer:** *More Actions*, *Send a Signal*, choose `go` or `noGo`, with this as data and your name in it:',
    ...open.map(({ role }) => `- ${jsonCode({ by: 'your name', role, stage, ...bound })}`),
  ];
}

/** A signal gets no answer, so this is where its sender sees that it did not count. */
function refusedLines({ refused }: RolloutStatus): string[] {
  if (refused === null) return [];
  const { message, by, reason, at } = refused;
  return [
    '#### The last message was refused',
    `- \`${message.replaceAll('`', '')}\`${by === null ? '' : ` by ${markdownText(by)}`}, ${formatInstant(at)}: ${markdownText(reason)}`,
  ];
}

const wayBackLines = [
  '#### To take the flag back now',
  `- *More Actions*, *Send a Signal*: choose \`rollback\`, with ${jsonCode({ by: 'your name', reason: 'why' })} as data, or none`,
  '- *Request Cancellation* does the same. Never *Terminate* or *Reset*: they leave the flag where it is, with nobody watching.',
];

function aboutLines({ stage, stages, since, percent, startedBy, plan, planDigest, fence }: RolloutStatus): string[] {
  const observed =
    percent.observedAt === null
      ? 'not read yet'
      : `${formatPercent(percent.observed)} read back ${formatInstant(percent.observedAt)}`;
  return [
    '#### About',
    `- ${stages === 0 ? 'No rollout was open' : `${stage === 0 ? 'Before stage 1' : `Stage ${stage}`} of ${stages}`}, in this state since ${formatInstant(since)}`,
    `- Flag: ${formatPercent(percent.intended)} intended, ${observed}`,
    `- Plan ${markdownText(plan)} ${shortDigest(planDigest)}, started by ${markdownText(startedBy)}, fence ${fence}`,
  ];
}

/** Spaced as people write it. */
function jsonCode(value: Readonly<Record<string, string | number>>): string {
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${JSON.stringify(member)}`);
  return `\`{${members.join(', ').replaceAll('`', '')}}\``;
}
