/** Template, fields and facts → the words that people will read; or everything that is missing. */
import type { Template as LiquidTemplate } from 'liquidjs';
import { factMeanings, type FactName } from './facts.js';
import { fieldMeanings, readField, type FieldInput, type FieldName, type FieldValue } from './template-fields.js';
import type { Template } from './template.js';

export interface Filling {
  readonly fields: Readonly<Partial<Record<FieldName, FieldInput>>>;
  readonly facts: Readonly<Record<FactName, string | null>>;
  readonly nowMs: number;
}

export interface Rendered {
  readonly subject: string | null;
  readonly text: string;
  /** ISO instant by which readers were promised to hear more; null: nothing was promised. */
  readonly nextUpdateAt: string | null;
  /** What is not there, one sentence each; in the text it stands in brackets. Empty: it may be sent. */
  readonly missing: readonly string[];
}

export function renderTemplate(template: Template, { fields, facts, nowMs }: Filling): Rendered {
  const missing: string[] = [];
  const values: Record<string, FieldValue | null> = {};
  let nextUpdateAt: string | null = null;
  for (const [name, given] of Object.entries(template.fields) as [FieldName, string][]) {
    const input = fields[name];
    if (input === undefined) {
      if (given !== 'optional')
        missing.push(`${name} is missing. ${fieldMeanings[name]} Give it with: --field "${name}=…"`);
      values[name] = given === 'optional' ? null : bracketed(name);
      continue;
    }
    const read = readField(name, input, nowMs);
    if (!read.ok) missing.push(read.problem);
    else if (name === 'NEXT_UPDATE_TIME') nextUpdateAt = read.at;
    values[name] = read.ok ? read.value : bracketed(name);
  }
  const shown: Partial<Record<FactName, string>> = {};
  for (const name of Object.keys(template.facts) as FactName[]) {
    const fact = facts[name];
    if (fact === null) missing.push(`${name} is not known: ${whyUnknown(name)}.`);
    shown[name] = fact ?? `[${name}]`;
  }
  const scope = { ...values, ...nested(shown) };
  const render = (part: readonly LiquidTemplate[]): string => String(template.liquid.renderSync([...part], scope));
  return {
    subject: template.subject === null ? null : render(template.subject).replaceAll(/\s+/g, ' ').trim(),
    text: tidy(render(template.body)),
    nextUpdateAt,
    missing,
  };
}

/** A list stays one, so that a loop shows it once. */
const bracketed = (name: FieldName): FieldValue => (name === 'PREVENTION_STEPS' ? [`[${name}]`] : `[${name}]`);

const whyUnknown = (name: FactName): string =>
  name.startsWith('rollout.') ? 'there is no rollout yet' : `the plan does not say it (${factMeanings[name]})`;

/** `a.b` → `{a: {b}}` */
function nested(facts: Readonly<Partial<Record<FactName, string>>>): Record<string, unknown> {
  const scope: Record<string, Record<string, string> | string> = {};
  for (const [name, value] of Object.entries(facts)) {
    const [first = '', second] = name.split('.');
    if (second === undefined) scope[first] = value;
    else scope[first] = { ...(scope[first] as Record<string, string> | undefined), [second]: value };
  }
  return scope;
}

/** Conditions and loops leave empty lines behind. */
const tidy = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
