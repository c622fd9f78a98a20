/** `holdpoint audit`: take a rollout's pack along, and check one without any server. */
import type { Command } from 'commander';
import type { Program } from '../program.js';
import { addAuditExport } from './audit-export.js';
import { addAuditVerify } from './audit-verify.js';

export function addAudit(program: Program, command: Command): void {
  command.helpCommand(false).configureHelp({ subcommandTerm: (sub) => `${sub.name()} ${sub.usage()}` });
  const add = (name: string, description: string): Command =>
    command.command(name).description(description).allowExcessArguments(false);
  addAuditExport(program, add('export', "write a rollout's pack into a folder; prints its head"));
  addAuditVerify(program, add('verify', 'check a pack, without any server; exits 4 when it is not whole'));
}
