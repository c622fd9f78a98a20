/** Catalogues a person could write, right ones only: an SLI `one` of any kind, and a burn rate `burn`. */
import fc from 'fast-check';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { checkCatalogue } from '../../src/catalogue/load-catalogue.js';
import { alertRules } from '../../src/catalogue/rules/alert-rules.js';
import { recordingRules } from '../../src/catalogue/rules/recording-rules.js';
import { baselineQueries, sliQueries } from '../../src/catalogue/sli-queries.js';

const metric = fc.stringMatching(/^[a-z_:][a-z0-9_:]{0,20}$/).filter((name) => !name.endsWith('_bucket'));
const labelName = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
// Quotes, backslashes and line breaks included; a regular expression has rules of its own.
const text = fc.string({ maxLength: 12 });
const value = fc.oneof(
  text.filter((one) => !one.startsWith('~')),
  fc.constantFrom('~5..', '~a|b', '~[^/]+"', '~\\d+\\.', '~(?i)ok'),
);
const where = fc.dictionary(
  labelName.filter((name) => !['env', 'service', 'le', 'endpoint', 'format', 'zone'].includes(name)),
  value,
  { maxKeys: 3 },
);
const side = fc.dictionary(
  labelName.map((name) => `side_${name}`),
  value,
  { minKeys: 1, maxKeys: 2 },
);
const by = fc.uniqueArray(fc.constantFrom('endpoint', 'format', 'zone'), { maxLength: 2 });
const duration = fc.constantFrom('30s', '5m', '1h', '1d');

const sli = fc.oneof(
  fc.record({
    kind: fc.constant('ratio'),
    events: metric,
    where,
    bad: side,
    by,
    measure: fc.constantFrom('good', 'bad'),
    objective: fc.constantFrom(0.9, 0.995, 0.9999),
  }),
  fc.record({ kind: fc.constant('ratio'), events: metric, where, good: side }),
  fc.record({
    kind: fc.constant('quantile'),
    histogram: metric,
    where,
    quantile: fc.constantFrom(0.5, 0.99),
    by,
  }),
  fc.record({ kind: fc.constant('rate'), events: metric, where, by, per: duration }),
  fc.record({ kind: fc.constant('gauge'), metric, where, by, aggregate: fc.constantFrom('sum', 'max', 'min', 'avg') }),
);

interface AnyCatalogue {
  readonly catalogue: Catalogue;
  readonly environment: string;
}

export const anyCatalogue: fc.Arbitrary<AnyCatalogue> = fc
  .record({
    one: sli,
    windows: fc.uniqueArray(duration, { minLength: 1, maxLength: 4 }),
    service: text.filter((name) => name !== ''),
    environment: text,
  })
  .map(({ one, windows, service, environment }) => {
    const base = { kind: 'ratio', events: 'x_total', bad: { outcome: 'failure' }, objective: 0.99 };
    const before = { ...base, baseline: { over: '1d', ago: '1d', within: 0.1 } };
    const slis = { one, base, before, burn: { kind: 'burn-rate', of: 'base', windows } };
    const budget = { series: 100_000, values: { env: 3, endpoint: 10, format: 5, zone: 3 } };
    const head = { apiVersion: 'holdpoint/v1', kind: 'SliCatalogue', budget };
    const file = JSON.stringify({ ...head, service, labels: ['env', 'service'], slis });
    const loaded = checkCatalogue(file, 'slis.json');
    if (!loaded.ok) throw new Error(`${file}\n${JSON.stringify(loaded.problems)}`);
    return { catalogue: loaded.catalogue, environment };
  });

export const allQueries = ({ catalogue, environment }: AnyCatalogue): string[] =>
  Object.entries(catalogue.slis).flatMap(([id, sli]) => {
    const compared =
      sli.kind === 'ratio' && sli.baseline !== null
        ? [baselineQueries(sli, sli.baseline, { catalogue, environment })]
        : [];
    return [sliQueries(id, catalogue, { environment }), ...compared].flatMap(({ queries }) =>
      Object.values<string>({ ...queries }),
    );
  });

export const allRules = ({ catalogue }: AnyCatalogue): string[] => [
  ...recordingRules(catalogue).map(({ expr }) => expr),
  ...alertRules(catalogue).map(({ expr }) => expr),
];
