/** `holdpoint checklist`: the go/no-go checklist of a plan, or of a rollout with who answered what and what is late. */
import { Option, type Command } from 'commander';
import { checklistOf } from '../../core/checklist.js';
import { trackChecklist } from '../../core/checklist-progress.js';
import { shortDigest } from '../../core/digest.js';
import type { Plan } from '../../core/plan.js';
import { CliError } from '../cli-error.js';
import { exitCode } from '../exit-code.js';
import { findNewest } from '../find-newest.js';
import { openPlan } from '../open-plan.js';
import { withReach } from '../options.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import { renderChecklist, renderChecklistMarkdown, type ShownChecklist } from '../render/checklist.js';
import type { Terminal } from '../terminal.js';
import { withClient } from '../with-client.js';

interface ChecklistOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
  /** True when given without a name. */
  readonly rollout?: string | true;
}

export function addChecklist({ terminal }: Program, command: Command): void {
  withReach(command)
    .argument('[plan]', 'plan file; may be left out with --rollout')
    .option('--rollout [rollout]', 'its progress: flag key or <environment>/<flag key>, or the only open one')
    .addOption(new Option('--markdown', 'print Markdown, with boxes to tick').conflicts('json'))
    .action(async (path: string | undefined, options: ChecklistOptions) => {
      const plan = path === undefined ? null : (await openPlan(terminal, path)).plan;
      const shown = options.rollout === undefined ? ofPlan(plan) : await ofRollout(terminal, plan, options);
      terminal.data(show(terminal, shown, options));
    });
}

function show({ paint }: Terminal, shown: ShownChecklist, { json, markdown }: ChecklistOptions): string {
  if (json === true) return JSON.stringify({ title: shown.title, phases: shown.phases }, null, 2);
  return markdown === true ? renderChecklistMarkdown(plain(shown)) : renderChecklist(plain(shown), paint);
}

function ofPlan(plan: Plan | null): ShownChecklist {
  if (plan === null)
    throw new CliError(exitCode.usage, 'Name a plan file, or a rollout with --rollout: holdpoint checklist PLAN');
  const { startAt, stages } = plan;
  const opensAtMs = (gate: number): number | null =>
    startAt === null ? null : Date.parse(startAt) + stages.slice(0, gate).reduce((sum, { holdMs }) => sum + holdMs, 0);
  return { title: titleOf(plan), phases: checklistOf(plan, opensAtMs), tracked: false, nowMs: Date.now() };
}

const titleOf = ({ name, flag, digest }: Plan): string =>
  `Go/no-go checklist of ${name}: ${flag.key} in ${flag.environment}, plan ${shortDigest(digest)}`;

async function ofRollout(terminal: Terminal, named: Plan | null, options: ChecklistOptions): Promise<ShownChecklist> {
  return withClient(terminal, options, async ({ client }) => {
    const rollout = await findNewest(client, options.rollout === true ? undefined : options.rollout);
    const [plan, audit, status] = await Promise.all([
      client.plan(rollout),
      client.audit(rollout),
      client.status(rollout),
    ]);
    if (named !== null && named.digest !== plan.digest)
      terminal.talk('The rollout runs another plan than that file says now; this is the checklist of the one it runs.');
    const nowMs = Date.now();
    const asked = (status.asked?.checklist ?? []).map(({ id }) => id);
    return { title: titleOf(plan), phases: trackChecklist(plan, { audit, asked, nowMs }), tracked: true, nowMs };
  });
}
