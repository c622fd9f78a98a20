/** `holdpoint comms send`: a text that a person has read goes to one channel; to customers only with a yes to that very text. */
import type { Command } from 'commander';
import type { Rendered } from '../../comms/render-template.js';
import type { Template } from '../../comms/template.js';
import { noticeId, type SendAnswer, type SendMessage } from '../../core/comms.js';
import { shortDigest } from '../../core/digest.js';
import { noticeDigest, noticeProblem, type Notice } from '../../core/notice.js';
import { RolloutError } from '../../rollout-error.js';
import type { RolloutSummary } from '../../find-rollout.js';
import type { RolloutClient } from '../../rollout-client.js';
import { chooseChannel } from '../choose-channel.js';
import { CliError } from '../cli-error.js';
import { commsOf, fieldOption, ofPlan, templateNamed, write, type CommsPlan } from '../compose-notice.js';
import { confirm } from '../confirm.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { openPlan } from '../open-plan.js';
import { withBy, withReach, withYes } from '../options.js';
import { whoAmI } from '../person.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import { renderNotice } from '../render/notice.js';
import type { Terminal } from '../terminal.js';
import { withClient, type Reached } from '../with-client.js';

interface SendOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly by?: string;
  readonly yes?: boolean;
  readonly plan: string;
  readonly channel?: string;
  readonly field?: Readonly<Record<string, string>>;
  readonly customers?: string;
}

export function addCommsSend({ terminal, ended }: Program, command: Command): void {
  withYes(withBy(withReach(command)))
    .argument('<template>', 'name of a template')
    .argument('[rollout]', 'flag key or <environment>/<flag key>; left out: the flag of the plan')
    .requiredOption('--plan <file>', 'plan file, whose comms says where the templates are')
    .option('--channel <id>', 'where to; may be left out when only one channel fits')
    .option('--field <name=value>', 'a field, several times', fieldOption)
    .option('--customers <text>', 'yes, customers may read the text with this digest, as preview shows it')
    .action(async (name: string, rollout: string | undefined, options: SendOptions) => {
      const plan = commsOf(await openPlan(terminal, options.plan));
      const template = await templateNamed(plan, name);
      ended(
        await withClient(terminal, options, (reached) =>
          sendTemplate(terminal, reached, { plan, template, rollout, options }),
        ),
      );
    });
}

interface Sending {
  readonly plan: CommsPlan;
  readonly template: Template;
  readonly rollout: string | undefined;
  readonly options: SendOptions;
}

async function sendTemplate(terminal: Terminal, { client, config }: Reached, sending: Sending): Promise<ExitCode> {
  const { plan, template, options } = sending;
  const by = whoAmI(terminal, options);
  const channel = chooseChannel(config.channels, template, options.channel);
  const about = await findAbout(client, sending);
  const status = about === null ? null : await client.status(about);
  const nowMs = Date.now();
  const rendered = await write(plan, { template, given: options.field ?? {}, status, by, nowMs });
  if (rendered.missing.length > 0)
    throw new CliError(exitCode.usage, `Nothing was sent.\n${plain([...rendered.missing]).join('\n')}`);
  const unconfirmed = noticeOf(sending, {
    rendered,
    about,
    by,
    at: new Date(nowMs).toISOString(),
    channel: channel.id,
  });
  const notice = await confirmed(terminal, { notice: unconfirmed, rendered, template, channel: channel.id }, options);
  const problem = noticeProblem(notice, channel);
  if (problem !== null) throw new CliError(exitCode.refused, `Nothing was sent. ${problem}`);
  const { remindBeforeMs, remindEveryMs, escalateTo } = plan.comms;
  const { nextUpdateAt } = rendered;
  const message: SendMessage = { notice, channel, nextUpdateAt, remindBeforeMs, remindEveryMs, escalateTo };
  const { environment, key } = plan.plan.flag;
  const { channels } = plan.plan;
  const input = { environment, flag: key, ...(channels.length === 0 ? {} : { channels }) };
  return say(terminal, await client.sendMessage(input, message), options);
}

/** Null: there was none yet. A closed one is still what the message is about. */
async function findAbout(client: RolloutClient, { plan, rollout }: Sending): Promise<RolloutSummary | null> {
  const { environment, key } = plan.plan.flag;
  const found = await client.find(rollout ?? `${environment}/${key}`).catch((error: unknown) => {
    if (error instanceof RolloutError && error.kind === 'not-found' && rollout === undefined) return null;
    throw error;
  });
  return found === null ? null : ofPlan(plan, found);
}

interface Written {
  readonly rendered: Rendered;
  readonly about: RolloutSummary | null;
  readonly by: string;
  readonly at: string;
  readonly channel: string;
}

function noticeOf({ plan, template }: Sending, { rendered, about, by, at, channel }: Written): Notice {
  const { environment, key } = plan.plan.flag;
  const { name, moment, medium, audience } = template;
  const { subject, text } = rendered;
  const notice = {
    template: name,
    moment,
    medium,
    audience,
    environment,
    flag: key,
    runId: about?.runId ?? null,
    at,
    subject,
    text,
    by,
  };
  return { ...notice, id: noticeId(notice, channel), confirmed: null };
}

interface Asking {
  readonly notice: Notice;
  readonly rendered: Rendered;
  readonly template: Template;
  readonly channel: string;
}

/** A general --yes is no yes to customers: that names the text. */
async function confirmed(
  terminal: Terminal,
  { notice, rendered, template, channel }: Asking,
  options: SendOptions,
): Promise<Notice> {
  const digest = noticeDigest(notice);
  const short = shortDigest(digest);
  if (options.json !== true) terminal.talk(renderNotice({ template, rendered, digest: short }, terminal.paint));
  if (notice.audience === 'staff') {
    await confirm(terminal, `Send this to ${channel}?`, options);
    return notice;
  }
  if (options.customers === undefined) {
    if (!terminal.canAsk)
      throw new CliError(
        exitCode.usage,
        `This is for customers, and nobody can be asked here. Read it, then add: --customers ${short}`,
      );
    await confirm(terminal, `Customers will read this. Send it to ${channel}?`, {});
  } else if (shortDigest(options.customers).length < 6 || !short.startsWith(shortDigest(options.customers))) {
    throw new CliError(
      exitCode.refused,
      `The text is ${short} now, not ${shortDigest(options.customers)}. Nothing was sent. Read it again: holdpoint comms preview ${template.name} ${notice.environment}/${notice.flag} --plan ${options.plan}`,
    );
  }
  return { ...notice, confirmed: { by: notice.by, digest } };
}

function say(terminal: Terminal, answer: SendAnswer, { json }: SendOptions): ExitCode {
  if (json === true) terminal.data(JSON.stringify(answer, null, 2));
  else if (answer.accepted && answer.delivered) terminal.data(plain(answer.reason));
  else terminal.talk(plain(answer.accepted ? answer.reason : `Refused. ${answer.reason}`));
  if (!answer.accepted) return exitCode.refused;
  return answer.delivered ? exitCode.done : exitCode.unreachable;
}
