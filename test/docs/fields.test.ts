/** The tables of fields name every field that a file may have, and no other. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { smokeSuiteSchema } from '../../src/adapters/smoke/smoke-suite.js';
import { configFileSchema } from '../../src/config-file.js';
import { readPage } from '../support/doc-pages.js';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

const pathsOf = (schema: z.ZodType, key: string): string[] => [
  ...new Set(
    leaves(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Schema, {
      key,
      at: '',
    }),
  ),
];

/** Mappings that hold fields of their own are named where people write them, not only their members. */
function leaves(schema: Schema, { key, at }: { readonly key: string; readonly at: string }): string[] {
  const join = (name: string): string => (at === '' ? name : `${at}.${name}`);
  const { properties = {}, additionalProperties, items, anyOf = [], oneOf = [] } = schema;
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [join(name), ...leaves(field, { key, at: join(name) })]),
    ...(typeof additionalProperties === 'object' && at !== ''
      ? [join(key), ...leaves(additionalProperties, { key, at: join(key) })]
      : []),
    ...(items === undefined ? [] : leaves(items, { key, at: `${at}[]` })),
    ...[...anyOf, ...oneOf].flatMap((one) => leaves(one, { key, at })),
  ];
}

/** What the tables' first columns name. */
const namedIn = (page: string): string[] =>
  [...page.matchAll(/^\| ((?:`[A-Za-z][\w.<>[\]]*`(?:, )?)+) /gm)].flatMap((row) =>
    [...(row[1] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''),
  );

it('of the configuration', async () => {
  const page = await readPage('docs/configuration.md');
  const named = namedIn(page).filter((name) => !/^[A-Z_]+$/.test(name));
  const fields = pathsOf(configFileSchema({ env: {}, folder: '/' }), '<id>');
  // A section is the table of its mapping.
  const sections = [...page.matchAll(/^## `(\w+)`$/gm)].map((match) => match[1] ?? '');
  const groups = sections.flatMap((name) => [name, `${name}.<id>`]);
  expect(fields.length).toBeGreaterThan(35);
  expect(fields.filter((field) => !named.includes(field) && !groups.includes(field))).toEqual([]);
  expect(named.filter((name) => !fields.includes(name))).toEqual([]);
});

it('of a smoke suite', async () => {
  const named = namedIn(await readPage('docs/smoke-suites.md'));
  const groups = ['steps', 'steps[].request', 'steps[].expect'];
  const free = ['steps[].request.headers', 'steps[].request.body', 'steps[].expect.json', 'steps[].save'];
  const fields = pathsOf(smokeSuiteSchema, '<name>').filter(
    (field) =>
      !groups.includes(field) && !free.some((path) => field.startsWith(`${path}.`) || field.startsWith(`${path}[`)),
  );
  expect(fields.length).toBeGreaterThan(14);
  expect(fields.filter((field) => !named.includes(field))).toEqual([]);
  const others = ['passed', 'failed', 'unavailable'];
  expect(named.filter((name) => !fields.includes(name) && !others.includes(name))).toEqual([]);
});
