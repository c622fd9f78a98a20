/** `holdpoint comms`: messages from people to people, from templates. */
import type { Command } from 'commander';
import type { Program } from '../program.js';
import { addCommsClose } from './comms-close.js';
import { addCommsPreview } from './comms-preview.js';
import { addCommsSend } from './comms-send.js';

export function addComms(program: Program, command: Command): void {
  command.helpCommand(false).configureHelp({ subcommandTerm: (sub) => `${sub.name()} ${sub.usage()}` });
  const add = (name: string, description: string): Command =>
    command.command(name).description(description).allowExcessArguments(false);
  addCommsPreview(program, add('preview', 'show what a message will say; nothing is sent'));
  addCommsSend(program, add('send', 'send a message to a channel; to customers only with a yes to its text'));
  addCommsClose(program, add('close', 'say that no update is owed any more'));
}
