/** What is made from the plan's schema is committed, and equal to what the schema says now. Renew with `npx vitest run -u`. */
import { expect, it } from 'vitest';
import { planJsonSchema, renderPlanJsonSchema, type JsonSchema } from '../../src/plan/plan-json-schema.js';
import { renderPlanReference } from '../../src/plan/plan-reference.js';

it('the editor help is up to date', async () => {
  await expect(renderPlanJsonSchema()).toMatchFileSnapshot('../../ops/plans/plan.schema.json');
});

it('the reference is up to date', async () => {
  await expect(renderPlanReference()).toMatchFileSnapshot('../../docs/plan-reference.md');
});

function fieldsOf(schema: JsonSchema, path = ''): [path: string, field: JsonSchema][] {
  const members = Object.entries(schema.properties ?? {}).map(([name, field]) => [`${path}.${name}`, field] as const);
  const { items, additionalProperties, anyOf = [] } = schema;
  const inner = [items, additionalProperties, ...anyOf].filter((one) => typeof one === 'object');
  return [
    ...members.flatMap(([name, field]): [string, JsonSchema][] => [[name, field], ...fieldsOf(field, name)]),
    ...inner.flatMap((one) => fieldsOf(one, `${path}[]`)),
  ];
}

it('every field has a meaning', () => {
  const fields = fieldsOf(planJsonSchema());
  expect(fields.length).toBeGreaterThan(60);
  expect(fields.filter(([, { description }]) => description === undefined)).toEqual([]);
});

it('every field without a default of its own has an example', () => {
  const bare = fieldsOf(planJsonSchema()).filter(
    ([, { type, enum: known, notBuilt, default: standard, examples }]) =>
      type !== 'object' &&
      known === undefined &&
      notBuilt === undefined &&
      standard === undefined &&
      examples === undefined,
  );
  expect(bare.map(([path]) => path)).toEqual([]);
});
