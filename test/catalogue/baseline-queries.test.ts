/** A share beside what it used to be, as Prometheus' own evaluator answers the query of days that promtool makes up. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findTool } from '#tools/find-tools.mjs';
import type { RatioSli } from '../../src/catalogue/catalogue.js';
import { checkCatalogue } from '../../src/catalogue/load-catalogue.js';
import { baselineQueries } from '../../src/catalogue/sli-queries.js';
import { fillWindow } from '../../src/core/plan.js';
import { tempFolder } from '../support/temp-folder.js';

const { path: promtool } = await findTool('promtool', { onProgress: (line) => console.error(line) });

const loaded = checkCatalogue(
  `apiVersion: holdpoint/v1
kind: SliCatalogue
service: viewer
labels: [env, service]
slis:
  by-bad: { kind: ratio, events: signs_total, bad: { outcome: failure }, baseline: { over: 1d, ago: 1d, within: 0.1 } }
  by-good: { kind: ratio, events: signs_total, good: { outcome: success }, baseline: { over: 1d, ago: 1d, within: 0.1 } }
`,
  'slis.yaml',
);
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
const { catalogue } = loaded;

/** How many a minute in the day that ended a day ago, in the day since, and in the last four hours. */
interface Course {
  readonly success: readonly [number, number, number];
  readonly failure: readonly [number, number, number] | null;
}

const minutes = [1_440, 1_200, 240] as const;

/** promtool's notation: a+bxn is a, and n more, each b higher. */
const counter = (rates: Course['success']): string => {
  let at = 1_000;
  return minutes
    .map((length, index) => {
      const each = rates[index] ?? 0;
      const from = at;
      at += each * length;
      return `${from}+${each}x${length - 1}`;
    })
    .join(' ');
};

/** Null: no answer at all. */
async function answered(id: string, { success, failure }: Course): Promise<number | null> {
  const sli = catalogue.slis[id] as RatioSli;
  if (sli.baseline === null) throw new Error(`${id} has no baseline`);
  const { value } = baselineQueries(sli, sli.baseline, { catalogue, environment: 'production' }).queries;
  const series = (outcome: string, rates: Course['success']) => ({
    series: `signs_total{env="production",service="viewer",outcome="${outcome}"}`,
    values: counter(rates),
  });
  const file = join(await tempFolder(), 'test.json');
  const test = {
    interval: '1m',
    input_series: [series('success', success), ...(failure === null ? [] : [series('failure', failure)])],
    promql_expr_test: [
      {
        expr: `round(${fillWindow(value, 3 * 3_600_000)}, 0.01)`,
        eval_time: '2879m',
        exp_samples: [{ labels: '{}', value: -1 }],
      },
    ],
  };
  await writeFile(file, JSON.stringify({ tests: [test] }));
  const said = await new Promise<string>((resolve) => {
    execFile(promtool, ['test', 'rules', file], (_, stdout, stderr) => resolve(`${stdout}\n${stderr}`));
  });
  // It expected −1 of every answer, and says what came instead.
  const [, got = ''] = /got:\s*(.*)/.exec(said) ?? [];
  if (got === 'nil') return null;
  const [, number] = /^\{\} ([-+.\dEINFNa]+)/.exec(got) ?? [];
  if (number === undefined) throw new Error(said);
  return Number(number);
}

it.each<[what: string, course: Course, answer: number | null]>([
  ['as good as before', { success: [9, 9, 9], failure: [1, 1, 1] }, 1],
  ['better than before', { success: [8, 9, 10], failure: [2, 1, 0] }, 1.25],
  ['a tenth worse', { success: [10, 10, 9], failure: [0, 0, 1] }, 0.9],
  ['far worse, of what was bad already', { success: [5, 5, 2], failure: [5, 5, 8] }, 0.4],
  ['only the day between was bad: it is not asked', { success: [10, 1, 10], failure: [0, 9, 0] }, 1],
  ['no failure was ever counted', { success: [10, 10, 10], failure: null }, 1],
  ['everything fails now', { success: [10, 10, 0], failure: [0, 0, 10] }, 0],
  ['nothing happened then', { success: [0, 10, 10], failure: [0, 1, 1] }, null],
  ['nothing went well then', { success: [0, 0, 10], failure: [10, 10, 0] }, null],
  ['a handful happened then', { success: [0.01, 10, 10], failure: [0, 1, 1] }, null],
  ['just enough happened then', { success: [0.02, 10, 10], failure: [0, 0, 0] }, 1],
  ['nothing happens now', { success: [10, 10, 0], failure: [1, 1, 0] }, null],
])('%s', async (_, course, answer) => {
  expect(await answered('by-bad', course)).toBe(answer);
  expect(await answered('by-good', course)).toBe(answer);
});
