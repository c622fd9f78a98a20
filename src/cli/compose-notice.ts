/** What a message will say: template, the plan's fields, the fields given now, and what the rollout itself knows. */
import { InvalidArgumentError } from 'commander';
import { factsOf } from '../comms/facts.js';
import type { PlanComms } from '../comms/plan-comms.js';
import type { Rendered } from '../comms/render-template.js';
import type { FieldInput, FieldName } from '../comms/template-fields.js';
import type { Template } from '../comms/template.js';
import type { RolloutStatus } from '../core/rollout-shapes.js';
import type { RolloutSummary } from '../find-rollout.js';
import { CliError } from './cli-error.js';
import { exitCode } from './exit-code.js';
import type { GoodPlan } from './open-plan.js';

export interface CommsPlan extends GoodPlan {
  readonly comms: PlanComms;
}

export function commsOf(plan: GoodPlan): CommsPlan {
  const { comms } = plan;
  if (comms !== null) return { ...plan, comms };
  throw new CliError(
    exitCode.invalidFile,
    `${plan.source.planFile} says nothing about messages; add where the templates are, such as comms: { templates: ../comms }`,
  );
}

export async function templateNamed({ comms }: CommsPlan, name: string): Promise<Template> {
  const { findTemplate } = await import('../comms/plan-comms.js');
  const found = findTemplate(comms.templates, name);
  if (typeof found === 'string') throw new CliError(exitCode.usage, found);
  return found;
}

/** @throws CliError for a rollout of another flag: its numbers are not what the plan's messages are about. */
export function ofPlan({ plan, source }: CommsPlan, found: RolloutSummary): RolloutSummary {
  const { environment, key } = plan.flag;
  if (found.flag === key && found.environment === environment) return found;
  throw new CliError(
    exitCode.usage,
    `${source.planFile} is about ${environment}/${key}, not ${found.environment}/${found.flag}. Nothing was sent.`,
  );
}

/** `NAME=value`, several times. */
export function fieldOption(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, name, value] = /^([A-Z_]+)=([\s\S]+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError('Write a field as NAME=value, such as IMPACT="Saving is slow".');
  return { ...before, [name]: value };
}

export interface Writing {
  readonly template: Template;
  readonly given: Readonly<Record<string, string>>;
  /** Null: there is no rollout yet. */
  readonly status: RolloutStatus | null;
  readonly by: string;
  readonly nowMs: number;
}

/** Throws for a field that no template has, or that this one does not show. */
export async function write(
  { plan, comms }: CommsPlan,
  { template, given, status, by, nowMs }: Writing,
): Promise<Rendered> {
  const { renderTemplate } = await import('../comms/render-template.js');
  const { didYouMean } = await import('../documents/nearest-word.js');
  const known = Object.keys(template.fields);
  const stray = Object.keys(given).find((name) => !known.includes(name));
  if (stray !== undefined) {
    throw new CliError(
      exitCode.usage,
      `${template.name} has no field ${stray}; it has ${known.join(', ') || 'none'}.${didYouMean(stray, known)}`,
    );
  }
  // What is said when it is sent is said for that moment: a word of the plan must not slip in.
  const ahead = Object.fromEntries(
    Object.entries(comms.fields).filter(([name]) => template.fields[name as FieldName] !== 'send'),
  );
  const fields = { ...ahead, ...given } as Partial<Record<FieldName, FieldInput>>;
  return renderTemplate(template, { fields, facts: factsOf({ plan, status, by, nowMs }), nowMs });
}
