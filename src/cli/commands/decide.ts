/** `holdpoint go` and `holdpoint no-go`: a decision at the open gate, bound to the plan and evidence just shown. */
import type { Command } from 'commander';
import { shortDigest } from '../../core/digest.js';
import type { DecideAnswer, RolloutStatus } from '../../core/rollout-shapes.js';
import type { ReachedRollout } from '../with-client.js';
import { CliError } from '../cli-error.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { rolloutHelp, withBy, withReach } from '../options.js';
import { whoAmI } from '../person.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import { sayMessageAnswer } from '../say-answer.js';
import type { Terminal } from '../terminal.js';
import { withRollout } from '../with-client.js';

interface DecideOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly by?: string;
  readonly role?: string;
  readonly reason?: string;
  readonly evidence?: string;
}

export const addGo = (program: Program, command: Command): void => addDecision(program, command, 'go');
export const addNoGo = (program: Program, command: Command): void => addDecision(program, command, 'no-go');

function addDecision({ terminal, ended }: Program, command: Command, decision: 'go' | 'no-go'): void {
  withBy(withReach(command))
    .argument('[rollout]', rolloutHelp)
    .option('--role <role>', 'the role you decide as (may be left out when only one is asked)')
    .option('--reason <text>', 'why')
    .option('--evidence <digest>', 'decide only if this is still the evidence, as status shows it')
    .action(async (name: string | undefined, options: DecideOptions) => {
      ended(
        await withRollout(terminal, { ...options, rollout: name }, (reached) =>
          decide(terminal, reached, { ...options, decision }),
        ),
      );
    });
}

async function decide(
  terminal: Terminal,
  { client, rollout }: ReachedRollout,
  options: DecideOptions & { readonly decision: 'go' | 'no-go' },
): Promise<ExitCode> {
  const by = whoAmI(terminal, options);
  const status = await client.status(rollout);
  checkEvidence(status, options.evidence);
  const { decision, role, reason } = options;
  if (options.json !== true) terminal.talk(plain(sayWhatItIsOn(status)));
  const answer = await client.decide(rollout, {
    decision,
    by,
    ...(role === undefined ? {} : { role }),
    ...(reason === undefined ? {} : { reason }),
    stage: status.stage,
    planDigest: status.planDigest,
    ...(status.verdict === null ? {} : { evidenceDigest: status.verdict.evidenceDigest }),
  });
  return sayAnswer(terminal, answer, options);
}

function checkEvidence({ verdict }: RolloutStatus, evidence: string | undefined): void {
  if (evidence === undefined) return;
  const now = verdict === null ? 'none' : shortDigest(verdict.evidenceDigest);
  const wanted = shortDigest(evidence);
  if (wanted.length >= 6 && now.startsWith(wanted)) return;
  throw new CliError(
    exitCode.refused,
    `The evidence is ${now} now, not ${wanted}. Nothing was decided. Look again: holdpoint status`,
  );
}

const sayWhatItIsOn = ({ plan, planDigest, stage, verdict }: RolloutStatus): string =>
  `Stage ${stage} of ${plan} (plan ${shortDigest(planDigest)}), ${verdict === null ? 'no evidence yet' : `evidence ${shortDigest(verdict.evidenceDigest)}: ${verdict.outcome}. ${verdict.headline}`}`;

function sayAnswer(terminal: Terminal, answer: DecideAnswer, options: DecideOptions): ExitCode {
  const code = sayMessageAnswer(terminal, answer, options);
  const seats = (answer.gate?.roles ?? []).map(({ role, have, need }) => `${role} ${have} of ${need}`);
  if (answer.accepted && options.json !== true && seats.length > 0) terminal.data(plain(`Seats: ${seats.join(', ')}.`));
  return code;
}
