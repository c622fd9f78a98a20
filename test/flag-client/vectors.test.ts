/** Who gets which variant: the published vectors, the reference evaluator, and one that shares no code with it. */
import { readFileSync } from 'node:fs';
import { FlagdCore } from '@openfeature/flagd-core';
import { describe, expect, it } from 'vitest';
import { createFlags } from '../../src/flag-client/create-flags.js';
import type { FlagContext } from '../../src/flag-client/flag-values.js';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`vectors/${name}`, import.meta.url), 'utf8')) as unknown;

const document = read('flags.json') as { readonly flags: Record<string, unknown> };
const users = read('users.json') as readonly (string | null)[];
const expected = read('expected.json') as Record<string, readonly string[]>;
const byPython = read('expected-by-python.json') as Record<string, readonly (string | null)[]>;

const quiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
const flags = createFlags({ document });
const contextOf = (user: string | null): FlagContext => (user === null ? {} : { targetingKey: user });
const oursOf = (key: string): (string | undefined)[] =>
  users.map((user) => flags.details(key, undefined, contextOf(user)).variant);

it('has at least 500 vectors of each evaluator', () => {
  const count = (rows: Record<string, readonly unknown[]>): number =>
    Object.values(rows)
      .flat()
      .filter((variant) => variant !== null).length;
  expect(count(expected)).toBeGreaterThanOrEqual(500);
  expect(count(byPython)).toBeGreaterThanOrEqual(500);
  expect(Object.keys(byPython)).toEqual(Object.keys(document.flags));
});

describe.each(Object.keys(expected))('%s', (key) => {
  it('gives every user the published variant', () => {
    expect(oursOf(key)).toEqual(expected[key]);
  });

  it('gives what the reference evaluator gives', () => {
    const core = new FlagdCore(undefined, quiet);
    core.setConfigurations(JSON.stringify(document));
    const theirs = users.map(
      (user) => core.getFlag(key)?.evaluate(user === null ? {} : { targetingKey: user }, quiet).variant,
    );
    expect(theirs).toEqual(expected[key]);
  });

  it('gives what the evaluator in Python gives', () => {
    const [theirs, ours] = [byPython[key] ?? [], oursOf(key)];
    expect(ours.map((variant, index) => (theirs[index] === null ? null : variant))).toEqual(theirs);
  });
});
