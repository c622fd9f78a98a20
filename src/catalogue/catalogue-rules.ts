/** What the SLIs of a catalogue must be to each other and in themselves, beyond their form. */
import { didYouMean } from '../documents/nearest-word.js';
import type { DocumentPath } from '../documents/read-document.js';
import { readLabels, readSli, type SliFile } from './catalogue-schema.js';
import { unitOf, wantedInUnit } from './in-unit.js';
import { readAlert, readObjective } from './read-alert.js';
import { patternMark } from './selector.js';

export interface Found {
  readonly path: DocumentPath;
  readonly message: string;
}

interface RuleContext {
  /** Filled in by Holdpoint. */
  readonly labels: readonly string[];
  /** Null: its form is wrong, which is said elsewhere. */
  readonly slis: Readonly<Record<string, SliFile | null>>;
}

/** @param value - of the whole file, right or wrong: rules speak of what is right in it. */
export function ruleProblems(value: unknown): Found[] {
  const { labels, slis } = mapping(value);
  const read = Object.fromEntries(Object.entries(mapping(slis)).map(([id, sli]) => [id, readSli(sli)]));
  const context = { labels: readLabels(labels), slis: read };
  return Object.entries(read).flatMap(([id, sli]) =>
    sli === null
      ? []
      : problemsOf(sli, context).map(({ path, message }) => ({
          path: ['slis', id, ...path],
          message: `${id}: ${message}`,
        })),
  );
}

const mapping = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

function problemsOf(sli: SliFile, context: RuleContext): Found[] {
  const own = kindProblems(sli, context);
  return [...own, ...byProblems(sli, context), ...objectiveProblems(sli), ...alertProblems(sli)];
}

function alertProblems(sli: SliFile): Found[] {
  return sli.alerts.flatMap((alert, index) => {
    const read = readAlert(alert, sli);
    if (read.ok) return [];
    const { key, message } = read.problem;
    const path = ['alerts', index, ...(key === null ? [] : [key])];
    return [{ path, message: `${alert.name}: ${key === null ? '' : `"${key}" `}${message}` }];
  });
}

/** In its SLI's unit; a ratio's is a share already. */
function objectiveProblems(sli: SliFile): Found[] {
  if (sli.kind === 'ratio' || sli.kind === 'gauge' || sli.objective === undefined) return [];
  if (readObjective(sli) !== null) return [];
  const wanted = wantedInUnit[unitOf(sli.kind === 'rate' ? { kind: 'rate', perMs: sli.per } : sli)];
  return [{ path: ['objective'], message: `the objective ${JSON.stringify(sli.objective)} cannot be read; ${wanted}` }];
}

function byProblems(sli: SliFile, { labels }: RuleContext): Found[] {
  if (sli.kind === 'burn-rate') return [];
  const found = (index: number, message: string): Found => ({ path: ['by', index], message });
  return sli.by.flatMap((label, index) => {
    if (labels.includes(label))
      return [found(index, `"${label}" is kept anyway: it is listed under labels; leave it out`)];
    if (label === 'le') return [found(index, '"le" holds the buckets of a histogram; leave it out')];
    return sli.by.indexOf(label) < index ? [found(index, `"${label}" stands twice; keep one`)] : [];
  });
}

function kindProblems(sli: SliFile, context: RuleContext): Found[] {
  if (sli.kind === 'burn-rate') return burnRateProblems(sli, context);
  const filledIn = (['where', 'bad', 'good'] as const).flatMap((key) => filledInTwice(sli, key, context));
  if (sli.kind === 'ratio') return [...sideProblems(sli), ...filledIn];
  return sli.kind === 'quantile' ? [...histogramProblems(sli), ...filledIn] : filledIn;
}

/** The plan's environment and the catalogue's service are filled in: a second matcher could only contradict them. */
function filledInTwice(sli: SliFile, key: 'where' | 'bad' | 'good', { labels }: RuleContext): Found[] {
  return Object.keys((sli as Partial<Record<typeof key, object>>)[key] ?? {})
    .filter((label) => labels.includes(label))
    .map((label) => ({
      path: [key, label],
      message: `"${label}" is filled in by Holdpoint because it is listed under labels; leave it out here`,
    }));
}

type RatioFile = Extract<SliFile, { kind: 'ratio' }>;

function sideProblems({ bad, good, where }: RatioFile): Found[] {
  const example = 'bad: { outcome: failure }';
  if (bad !== undefined && good !== undefined)
    return [{ path: [], message: `has "bad" and "good"; give one of them, such as ${example}` }];
  const side = bad ?? good;
  if (side === undefined)
    return [{ path: [], message: `has neither "bad" nor "good"; give one of them, such as ${example}` }];
  const name = bad === undefined ? 'good' : 'bad';
  const all = [`${patternMark}.*`, `${patternMark}.+`];
  if (Object.values(side).every((value) => all.includes(value)))
    return [{ path: [name], message: `this "${name}" would match every event; name a label and its value` }];
  // The counted events have one value of the label: either all of them are on this side or none.
  return Object.keys(side)
    .filter((label) => where[label]?.startsWith(patternMark) === false)
    .map((label) => ({
      path: [name, label],
      message: `"${label}" is fixed under where, so it cannot tell good from bad; leave it out there`,
    }));
}

function histogramProblems({ histogram, where }: Extract<SliFile, { kind: 'quantile' }>): Found[] {
  const suffixed: Found[] = histogram.endsWith('_bucket')
    ? [
        {
          path: ['histogram'],
          message: `write the histogram without _bucket: ${histogram.slice(0, -'_bucket'.length)}`,
        },
      ]
    : [];
  const buckets: Found[] = Object.hasOwn(where, 'le')
    ? [{ path: ['where', 'le'], message: 'a quantile needs all buckets; leave "le" out' }]
    : [];
  return [...suffixed, ...buckets];
}

function burnRateProblems(sli: Extract<SliFile, { kind: 'burn-rate' }>, { slis }: RuleContext): Found[] {
  const repeated = new Set(sli.windows).size < sli.windows.length;
  const windows: Found[] = repeated ? [{ path: ['windows'], message: 'a window stands twice' }] : [];
  const problem = ofProblem(sli.of, slis);
  return problem === null
    ? [...windows, ...neverFiring(sli, slis[sli.of] ?? null)]
    : [{ path: ['of'], message: problem }, ...windows];
}

function ofProblem(name: string, slis: RuleContext['slis']): string | null {
  if (!Object.hasOwn(slis, name)) {
    const ratios = Object.keys(slis).filter((id) => slis[id]?.kind === 'ratio');
    return `there is no SLI "${name}"; ratios here are ${ratios.join(', ') || 'none'}.${didYouMean(name, ratios)}`;
  }
  const of = slis[name] ?? null;
  if (of === null) return null;
  if (of.kind !== 'ratio') return `"${name}" is a ${of.kind}; a burn rate needs a ratio`;
  return of.objective === undefined ? `"${name}" has no objective; give it one, such as objective: 0.995` : null;
}

/** When everything fails, the budget burns as fast as it can. */
function neverFiring({ alerts }: Extract<SliFile, { kind: 'burn-rate' }>, of: SliFile | null): Found[] {
  if (of?.kind !== 'ratio' || of.objective === undefined) return [];
  const { objective } = of;
  const fastest = Number((1 / (1 - objective)).toPrecision(6));
  return alerts.flatMap(({ name, above }, index) =>
    typeof above === 'number' && above >= fastest
      ? [
          {
            path: ['alerts', index, 'above'],
            message: `${name}: can never fire: with an objective of ${objective} nothing burns faster than ${fastest} times; write less`,
          },
        ]
      : [],
  );
}
