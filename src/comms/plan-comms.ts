/** What a plan says about messages, with its templates: checked against each other. */
import type { Plan } from '../core/plan.js';
import { didYouMean } from '../documents/nearest-word.js';
import type { Problem } from '../documents/problem.js';
import { problemAt, type ReadDocument } from '../documents/read-document.js';
import { planLacks } from './facts.js';
import { fieldMeanings, isFieldName, readField, type FieldInput, type FieldName } from './template-fields.js';
import type { Template } from './template.js';

export interface PlanComms {
  readonly folder: string;
  readonly templates: readonly Template[];
  /** What the plan says in advance. */
  readonly fields: Readonly<Partial<Record<FieldName, FieldInput>>>;
  readonly remindBeforeMs: number;
  readonly remindEveryMs: number;
  readonly escalateTo: string;
}

/** @param plan - null when it is wrong elsewhere. */
export function planCommsProblems(
  { templates, fields }: Pick<PlanComms, 'templates' | 'fields'>,
  { file, locate }: ReadDocument,
  plan: Plan | null,
): Problem[] {
  const lacks = plan === null ? [] : planLacks(plan);
  const missing = templates.flatMap((template) =>
    (Object.entries(template.fields) as [FieldName, string][])
      .filter(([name, given]) => given === 'plan' && fields[name] === undefined)
      .map(([name]) => ({ name, template: template.name })),
  );
  const names = [...new Set(missing.map(({ name }) => name))];
  return [
    ...names.map((name) => {
      const users = missing.filter((one) => one.name === name).map(({ template }) => template);
      const place = locate(['comms', 'fields']);
      return problemAt(
        file,
        place,
        `comms.fields: ${name} is missing, and ${users.join(', ')} shows it. ${fieldMeanings[name]} Add it here, or let the template ask for it with fields: { ${name}: send }`,
      );
    }),
    ...Object.entries(fields).flatMap(([name, input]) => {
      if (!isFieldName(name)) return [];
      const read = readField(name, input, 0);
      return read.ok ? [] : [problemAt(file, locate(['comms', 'fields', name]), `comms.fields.${read.problem}`)];
    }),
    ...templates.flatMap((template) =>
      lacks.flatMap((fact) => {
        const place = template.facts[fact];
        const key = fact === 'plan.start' ? 'startAt' : fact.replace('plan.', '');
        return place === undefined
          ? []
          : [
              problemAt(
                template.file,
                place,
                `the plan ${file} does not say "${key}", and this template shows {{ ${fact} }}; add ${key} to the plan, or take it out here`,
              ),
            ];
      }),
    ),
  ];
}

/** Null when there is none, with what to say about it. */
export function findTemplate(templates: readonly Template[], name: string): Template | string {
  const found = templates.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = templates.map((one) => one.name);
  return `There is no template "${name}"; there are ${names.join(', ')}.${didYouMean(name, names)}`;
}
