/** `holdpoint comms preview`: every template of a plan, or what one of them will say. */
import type { Command } from 'commander';
import { shortDigest } from '../../core/digest.js';
import { noticeDigest } from '../../core/notice.js';
import type { Rendered } from '../../comms/render-template.js';
import type { Template } from '../../comms/template.js';
import { commsOf, fieldOption, ofPlan, templateNamed, write, type CommsPlan } from '../compose-notice.js';
import { openPlan } from '../open-plan.js';
import { withBy, withReach } from '../options.js';
import { whoAmI } from '../person.js';
import type { Program } from '../program.js';
import { renderColumns } from '../render/columns.js';
import { renderNotice } from '../render/notice.js';
import type { Terminal } from '../terminal.js';
import { withClient } from '../with-client.js';

interface PreviewOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly by?: string;
  readonly plan: string;
  readonly field?: Readonly<Record<string, string>>;
}

export function addCommsPreview({ terminal }: Program, command: Command): void {
  withBy(withReach(command))
    .argument('[template]', 'name of a template; left out: the list of them')
    .argument('[rollout]', 'flag key or <environment>/<flag key>, for what it knows now; left out: no server is asked')
    .requiredOption('--plan <file>', 'plan file, whose comms says where the templates are')
    .option('--field <name=value>', 'a field, several times', fieldOption)
    .action(async (name: string | undefined, rollout: string | undefined, options: PreviewOptions) => {
      const plan = commsOf(await openPlan(terminal, options.plan));
      if (name === undefined) return list(terminal, plan, options);
      const template = await templateNamed(plan, name);
      const rendered = await preview(terminal, plan, { template, rollout, options });
      const digest = shortDigest(noticeDigest(rendered));
      if (options.json === true) terminal.data(JSON.stringify({ ...about(template), ...rendered, digest }, null, 2));
      else terminal.data(renderNotice({ template, rendered, digest }, terminal.paint));
    });
}

const about = ({ name, title, moment, medium, audience, fields }: Template) => ({
  template: name,
  title,
  moment,
  medium,
  audience,
  fields,
});

function list(terminal: Terminal, { comms }: CommsPlan, { json }: PreviewOptions): void {
  if (json === true) {
    terminal.data(JSON.stringify(comms.templates.map(about), null, 2));
    return;
  }
  const rows = comms.templates.map(({ name, audience, medium, fields }) => {
    const asked = Object.entries(fields).flatMap(([field, given]) => (given === 'send' ? [field] : []));
    return [terminal.paint.bold(name), audience, medium, asked.length === 0 ? '' : `asks for ${asked.join(', ')}`];
  });
  terminal.data(renderColumns(rows).join('\n'));
}

interface Previewed {
  readonly template: Template;
  readonly rollout: string | undefined;
  readonly options: PreviewOptions;
}

async function preview(
  terminal: Terminal,
  plan: CommsPlan,
  { template, rollout, options }: Previewed,
): Promise<Rendered> {
  const { field: given = {} } = options;
  const writing = { template, given, by: whoAmI(terminal, options), nowMs: Date.now() };
  if (rollout === undefined) return write(plan, { ...writing, status: null });
  return withClient(terminal, options, async ({ client }) => {
    const found = ofPlan(plan, await client.find(rollout));
    const status = await client.status(found);
    return write(plan, { ...writing, status });
  });
}
