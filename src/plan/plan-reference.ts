/** `docs/plan-reference.md`: every field of a plan, from the validator itself. */
import { formatDuration } from '../core/duration.js';
import { planJsonSchema, type JsonSchema } from './plan-json-schema.js';

interface Field {
  /** As in `gate.decision.approvers[].role`. */
  readonly path: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
  /** Where the same form is described already. */
  readonly as: string | null;
}

const intro = `# The plan file

A plan is YAML or JSON. \`holdpoint check PLAN\` says everything that is wrong with it at once, with line and column;
\`holdpoint explain PLAN\` prints the day it means. [day0.yaml](../ops/plans/day0.yaml) is a whole plan,
[rehearsal.yaml](../ops/plans/rehearsal.yaml) the same in minutes. Durations are written \`500ms\`, \`15s\`, \`10m\`, \`4h\`, \`1d\`.
A \`[]\` stands for each item of a list, \`<name>\` for each key of a mapping.

This page is made from the code: \`holdpoint schema\` prints the same for editors.
`;

export function renderPlanReference(): string {
  const fields = fieldsOf(planJsonSchema());
  const built = fields.filter(({ schema }) => schema.notBuilt === undefined);
  const groups = byFirstName(built);
  const alone = [...groups.values()].filter((group) => group.length === 1).flat();
  const sections = [...groups].filter(([, group]) => group.length > 1).map(([name, group]) => section(name, group));
  return [intro, `## The plan itself\n\n${table(alone)}`, ...sections, later(fields)].join('\n');
}

function byFirstName(fields: readonly Field[]): Map<string, Field[]> {
  const groups = new Map<string, Field[]>();
  for (const field of fields) {
    const name = /^[^.[]+/.exec(field.path)?.[0] ?? field.path;
    groups.set(name, [...(groups.get(name) ?? []), field]);
  }
  return groups;
}

function section(name: string, [head, ...rest]: readonly Field[]): string {
  const what = head?.schema.description ?? '';
  const need = head?.required === true ? 'Required.' : 'May be left out.';
  return `## \`${name}\`\n\n${what} ${need}\n\n${table(rest)}`;
}

function table(fields: readonly Field[]): string {
  const rows = fields.map(({ path, schema, required, as }) =>
    [
      `\`${path}\``,
      typeOf(schema),
      defaultOf(schema, required),
      `${schema.description ?? ''}${as === null ? '' : ` Written like \`${as}\`.`}`,
      exampleOf(schema),
    ].map((cell) => cell.replaceAll('|', '\\|')),
  );
  const head = ['field', 'type', 'default', 'meaning', 'example'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function later(fields: readonly Field[]): string {
  const known = fields.filter(({ schema }) => schema.notBuilt !== undefined);
  const items = known.map(({ path, schema }) => `- \`${path}\`: ${schema.notBuilt ?? ''}.\n`);
  return `## Known, not built yet\n\nThese fields belong to the format. A plan with one of them is refused, never half obeyed.\n\n${items.join('')}`;
}

/** Depth first, in the order of the schema. A form that was described before is not described again. */
function fieldsOf(root: JsonSchema): Field[] {
  const described = new Map<string, string>();
  const walk = (path: string, schema: JsonSchema, required: boolean): Field[] => {
    const form = JSON.stringify(schema.properties ?? schema.items?.properties);
    const as = form === undefined ? undefined : described.get(form);
    if (as !== undefined) return [{ path, schema, required, as }];
    if (form !== undefined) described.set(form, path);
    return [{ path, schema, required, as: null }, ...inside(path, schema, walk)];
  };
  return inside('', root, walk);
}

type Walk = (path: string, schema: JsonSchema, required: boolean) => Field[];

function inside(path: string, schema: JsonSchema, walk: Walk): Field[] {
  const members = Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
    walk(path === '' ? name : `${path}.${name}`, member, schema.required?.includes(name) ?? false),
  );
  const each = schema.items === undefined ? [] : inside(`${path}[]`, schema.items, walk);
  const values =
    typeof schema.additionalProperties === 'object' ? inside(`${path}.<name>`, schema.additionalProperties, walk) : [];
  const forms = (schema.anyOf ?? []).flatMap((form) => inside(path, form, walk));
  return [...members, ...each, ...values, ...forms];
}

function typeOf(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (typeof schema.const === 'string') return `\`${schema.const}\``;
  if (schema.duration !== undefined)
    return `duration, ${formatDuration(schema.duration.leastMs)} to ${formatDuration(schema.duration.mostMs)}`;
  if (schema.format === 'date-time') return 'instant with zone';
  if (Array.isArray(schema.type)) return 'number or duration';
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.type === 'integer' || schema.type === 'number') return numberOf(schema);
  if (schema.type === 'array') return `list of ${schema.items === undefined ? 'values' : plural(typeOf(schema.items))}`;
  return plainTypes[String(schema.type)] ?? 'value';
}

const plainTypes: Readonly<Record<string, string>> = { string: 'text', boolean: '`true`, `false`', object: 'mapping' };

const plural = (type: string): string =>
  type
    .split(' or ')
    .map((one) => `${one}s`)
    .join(' or ');

/** A bound that is only the largest number a computer counts to says nothing. */
function numberOf({ type, minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  const name = type === 'integer' ? 'whole number' : 'number';
  const bounds = [
    ...(exclusiveMinimum === undefined ? [] : [`above ${exclusiveMinimum}`]),
    ...(minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? [] : [`from ${minimum}`]),
    ...(maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? [] : [`to ${maximum}`]),
  ];
  return bounds.length === 0 ? name : `${name}, ${bounds.join(' ')}`;
}

function defaultOf({ default: standard }: JsonSchema, required: boolean): string {
  if (required) return 'required';
  if (standard === undefined) return '–';
  return typeof standard === 'object' && Object.keys(standard ?? {}).length === 0 ? '–' : code(standard);
}

const exampleOf = ({ examples }: JsonSchema): string => (examples?.[0] === undefined ? '' : code(examples[0]));

/** As YAML writes it on one line. */
function code(value: unknown): string {
  return `\`${flow(value)}\``;
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, member]) => `${key}: ${flow(member)}`)
      .join(', ')} }`;
  return typeof value === 'string' && /[[\]{},#:]\s|[$'"]/.test(value) ? `'${value}'` : String(value);
}
