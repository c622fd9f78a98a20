/** What was found out about a pack, for a person. */
import { shortDigest } from '../../core/digest.js';
import { formatInstant } from '../../core/instant.js';
import type { PackFinding, PackVerdict } from '../../core/pack.js';
import type { Paint } from '../terminal.js';

const mostFindings = 10;

export function renderPack(verdict: PackVerdict, paint: Paint): string {
  const { findings, gaps, notes } = verdict;
  const left = findings.length - mostFindings;
  return [
    verdict.whole ? paint.green(paint.bold('whole')) : paint.red(paint.bold('not whole')),
    ...identity(verdict),
    ...findings.slice(0, mostFindings).flatMap((finding) => renderFinding(finding, paint)),
    ...(left > 0 ? [`… and ${left} more; --json has them all`] : []),
    ...gaps.map(({ seq, sentence }) => `${paint.yellow('gap')} at entry ${seq}: ${sentence}`),
    ...notes.map((note) => `${paint.yellow('note')}: ${note}`),
  ].join('\n');
}

function identity(verdict: PackVerdict): string[] {
  const { rollout, runId, plan, planDigest, startedAt, lastAt, outcome, entries, evidenceChecked, head } = verdict;
  if (rollout === null || startedAt === null || lastAt === null) return [];
  return [
    `  rollout   ${rollout}, run ${runId}: ${outcome}`,
    `  plan      ${plan} (${shortDigest(planDigest ?? '')})`,
    `  from      ${formatInstant(startedAt)} to ${formatInstant(lastAt)}`,
    `  checked   ${entries} entries, the evidence of ${evidenceChecked} verdicts`,
    `  head      ${head}${verdict.anchored ? ', as it must be' : ''}`,
  ];
}

const renderFinding = ({ file, seq, problem, advice }: PackFinding, paint: Paint): string[] => [
  `${paint.red('wrong')}: ${file}${seq === null ? '' : `, entry ${seq}`}: ${problem}`,
  `  ${advice}`,
];
