/** The plan's form for editors, from the validator itself. */
import { z } from 'zod';
import { planSchema } from './plan-schema.js';

export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly not?: object;
  /** Ours: the bounds of a duration. */
  readonly duration?: { readonly leastMs: number; readonly mostMs: number };
  /** Ours: known, and refused until it is built. */
  readonly notBuilt?: string;
}

const durationPattern = String.raw`^\d+(\.\d+)?(ms|s|m|h|d)$`;

const signedPattern = durationPattern.replace('^', '^-?');

/** Draft 7, which editors read best. Of what a person writes, not of what the code gets. */
export function planJsonSchema(): JsonSchema {
  return z.toJSONSchema(planSchema, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => completeForEditors(jsonSchema),
  }) as JsonSchema;
}

function completeForEditors(schema: Record<string, unknown>): void {
  if ('example' in schema) {
    schema['examples'] = [schema['example']];
    delete schema['example'];
  }
  const { duration } = schema as JsonSchema;
  if (duration !== undefined) schema['pattern'] = duration.leastMs < 0 ? signedPattern : durationPattern;
  if ('notBuilt' in schema) {
    schema['not'] = {};
    schema['description'] = `Not to be used: ${String(schema['notBuilt'])}.`;
  }
}

/** The committed file. Editors ignore our own two keywords, so they are left out. */
export function renderPlanJsonSchema(): string {
  const text = JSON.stringify(
    planJsonSchema(),
    (key, value: unknown) => (key === 'duration' || key === 'notBuilt' ? undefined : value),
    2,
  );
  return `${text}\n`;
}
