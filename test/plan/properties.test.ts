/** What holds for every plan, and for everything that is none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { digestOf } from '../../src/core/digest.js';
import { checkPlan, type LoadedPlan } from '../../src/plan/check-plan.js';
import { explainPlan } from '../../src/plan/explain-plan.js';
import { catalogueText, planText } from '../support/plan-text.js';

const check = (text: string): LoadedPlan => checkPlan(text, 'plan.yaml', { text: catalogueText, file: 'slis.yaml' });

type Tree = null | boolean | number | string | Tree[] | { [key: string]: Tree };

const seed = parse(planText) as Tree;

function pathsOf(tree: Tree, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (Array.isArray(tree)) return [path, ...tree.flatMap((item, index) => pathsOf(item, [...path, index]))];
  if (typeof tree !== 'object' || tree === null) return [path];
  return [path, ...Object.entries(tree).flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

function replaceAt(tree: Tree, path: readonly (string | number)[], by: Tree): Tree {
  const [head, ...rest] = path;
  if (head === undefined) return by;
  if (Array.isArray(tree)) return tree.map((item, index) => (index === head ? replaceAt(item, rest, by) : item));
  if (typeof tree !== 'object' || tree === null) return by;
  return Object.fromEntries(
    Object.entries(tree).map(([key, item]) => [key, key === head ? replaceAt(item, rest, by) : item]),
  );
}

function shuffled(tree: Tree, order: (keys: string[]) => string[]): Tree {
  if (Array.isArray(tree)) return tree.map((item) => shuffled(item, order));
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(order(Object.keys(tree)).map((key) => [key, shuffled(tree[key] ?? null, order)]));
}

const anything = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Tree>;

/** A right answer, or problems that each have a place and say something. */
function expectAnswer(text: string): void {
  const answer = check(text);
  const problems = answer.ok ? answer.warnings : answer.problems;
  if (!answer.ok) expect(problems.length).toBeGreaterThan(0);
  const lines = text.split('\n').length;
  for (const { line, column, message, severity } of problems) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines + 1);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(message).not.toMatch(/undefined|\[object|Invalid input|NaN(?! or)/);
    expect(severity).toBe(answer.ok ? 'warning' : 'error');
  }
}

describe('loading answers whatever it is given', () => {
  it('any text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), expectAnswer), { numRuns: 500 });
  });

  it('any value', () => {
    fc.assert(
      fc.property(anything, (value) => expectAnswer(stringify(value))),
      { numRuns: 500 },
    );
  });

  it('a plan with anything in any place', () => {
    const place = fc.constantFrom(...pathsOf(seed));
    fc.assert(
      fc.property(place, anything, (path, value) => expectAnswer(stringify(replaceAt(seed, path, value)))),
      { numRuns: 1_000 },
    );
  });

  it('a plan with a few characters changed', () => {
    const edit = fc.tuple(fc.nat(planText.length), fc.nat(6), fc.string({ maxLength: 6 }));
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) =>
        expectAnswer(
          edits.reduce((text, [at, length, by]) => text.slice(0, at) + by + text.slice(at + length), planText),
        ),
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('the digest', () => {
  const digest = (text: string): string => {
    const answer = check(text);
    if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
    return answer.plan.digest;
  };

  it('does not depend on the order of keys, on comments or on YAML or JSON', () => {
    const order = fc.func(fc.integer());
    fc.assert(
      fc.property(order, (rank) => {
        const tree = shuffled(seed, (keys) => keys.toSorted((a, b) => rank(a) - rank(b)));
        expect(digest(stringify(tree))).toBe(digest(`# a comment\n${planText}`));
        expect(digest(JSON.stringify(tree))).toBe(digest(planText));
      }),
      { numRuns: 100 },
    );
  });

  it('is the same when a default is written out, and another when anything else changes', () => {
    expect(digest(planText.replace('every: 15m', 'every: 0.25h'))).toBe(digest(planText));
    expect(digest(`${planText}policy: { onDrift: pause }\n`)).toBe(digest(planText));
    expect(digest(`${planText}policy: { onDrift: roll-back }\n`)).not.toBe(digest(planText));
    expect(digest(planText.replace('min: 0.99,', 'min: 0.991,'))).not.toBe(digest(planText));
  });
});

it('whatever loads is plain JSON and can be explained', () => {
  const numbers = fc.record({
    percents: fc.uniqueArray(fc.integer({ min: 1, max: 99_999 }), { maxLength: 5 }),
    hold: fc.integer({ min: 15, max: 600 }),
    every: fc.constantFrom('5m', '15m', '1h'),
  });
  fc.assert(
    fc.property(numbers, ({ percents, hold, every }) => {
      const stages = [...percents.toSorted((a, b) => a - b).map((thousandths) => thousandths / 1_000), 100];
      const tree = {
        ...(seed as Record<string, Tree>),
        deadline: '90d',
        watch: { every, checks: ['saves', 'p95'] },
        stages: stages.map((percent) => ({ percent, hold: `${hold}m` })),
      };
      const answer = check(stringify(tree));
      if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
      const { plan } = answer;
      expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      expect(digestOf({ ...plan, digest: undefined })).toBe(plan.digest);
      const told = explainPlan(plan, { timeZone: 'Asia/Kathmandu', startsAt: '2026-12-01T08:00:00Z' });
      for (const percent of stages) expect(told).toContain(`Flip to ${percent} %`);
      expect(told).not.toMatch(/undefined|NaN|null/);
    }),
    { numRuns: 100 },
  );
});
