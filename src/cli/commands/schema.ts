/** `holdpoint schema`: the plan file's JSON Schema, for editors. */
import type { Command } from 'commander';
import type { Program } from '../program.js';

export function addSchema({ terminal }: Program, command: Command): void {
  command
    .addHelpText(
      'after',
      '\nSave it, and name it in the first line of a plan: # yaml-language-server: $schema=plan.schema.json',
    )
    .action(async () => {
      const { renderPlanJsonSchema } = await import('../../plan/plan-json-schema.js');
      terminal.data(renderPlanJsonSchema().trimEnd());
    });
}
