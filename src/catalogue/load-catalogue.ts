/** Text → Catalogue, every problem at its line. */
import { checkDocument } from '../documents/check-document.js';
import { didYouMean } from '../documents/nearest-word.js';
import { sortProblems, type Problem } from '../documents/problem.js';
import type { DocumentPath } from '../documents/read-document.js';
import { readText } from '../documents/read-text.js';
import type { Catalogue, Sli } from './catalogue.js';
import { catalogueSchema, type CatalogueFile, type SliFile } from './catalogue-schema.js';

export type LoadedCatalogue =
  { readonly ok: true; readonly catalogue: Catalogue } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Never throws: a file that cannot be read is a problem, too. */
export async function loadCatalogue(path: string): Promise<LoadedCatalogue> {
  const read = await readText(path, 'name a catalogue, such as ops/slis/reporting.yaml');
  return read.ok ? checkCatalogue(read.text, path) : read;
}

export function checkCatalogue(text: string, file: string): LoadedCatalogue {
  const checked = checkDocument(text, file, catalogueSchema);
  if (!checked.ok) return checked;
  const found = Object.entries(checked.value.slis).flatMap(([id, sli]) => findProblems(id, sli, checked.value));
  const problems = found.map(({ path, message }): Problem => ({
    file,
    ...checked.locate(path),
    message,
    severity: 'error',
  }));
  return problems.length > 0
    ? { ok: false, problems: sortProblems(problems) }
    : { ok: true, catalogue: toCatalogue(checked.value) };
}

interface Found {
  readonly path: DocumentPath;
  readonly message: string;
}

function findProblems(id: string, sli: SliFile, { slis, labels }: CatalogueFile): Found[] {
  const at = (message: string, ...rest: string[]): Found => ({ path: ['slis', id, ...rest], message });
  if (sli.kind === 'ratio') {
    const sides = [sli.bad, sli.good].filter((side) => side !== undefined);
    if (sides.length !== 1) {
      return [
        at(
          `${id} has ${sides.length === 0 ? 'neither "bad" nor "good"' : '"bad" and "good"'}; give one of them, such as bad: { outcome: failure }`,
        ),
      ];
    }
    return Object.keys(sides[0] ?? {}).length === 0
      ? [
          at(
            `${id}: an empty "${sli.bad === undefined ? 'good' : 'bad'}" would match every event; name a label and its value`,
          ),
        ]
      : fixedLabels(id, sli.where, labels);
  }
  if (sli.kind !== 'burn-rate') return fixedLabels(id, sli.where, labels);
  const of = Object.hasOwn(slis, sli.of) ? slis[sli.of] : undefined;
  if (of === undefined) {
    const ratios = Object.keys(slis).filter((name) => slis[name]?.kind === 'ratio');
    return [
      at(
        `${id}: there is no SLI "${sli.of}"; ratios here are ${ratios.join(', ') || 'none'}.${didYouMean(sli.of, ratios)}`,
        'of',
      ),
    ];
  }
  if (of.kind !== 'ratio') return [at(`${id}: "${sli.of}" is a ${of.kind}; a burn rate needs a ratio`, 'of')];
  if (of.objective === undefined)
    return [at(`${id}: "${sli.of}" has no objective; give it one, such as objective: 0.995`, 'of')];
  return new Set(sli.windows).size === sli.windows.length ? [] : [at(`${id}: a window stands twice`, 'windows')];
}

/** The plan's environment and the catalogue's service are filled in: a second matcher could only contradict them. */
function fixedLabels(id: string, where: Readonly<Record<string, string>>, labels: readonly string[]): Found[] {
  return Object.keys(where)
    .filter((label) => (label === 'env' || label === 'service') && labels.includes(label))
    .map((label) => ({
      path: ['slis', id, 'where', label],
      message: `${id}: "${label}" is filled in by Holdpoint because it is listed under labels; leave it out here`,
    }));
}

const toCatalogue = ({ service, labels, slis }: CatalogueFile): Catalogue => ({
  service,
  labels,
  slis: Object.fromEntries(Object.entries(slis).map(([id, sli]) => [id, toSli(id, sli)])),
});

function toSli(id: string, { title = id, ...sli }: SliFile): Sli {
  switch (sli.kind) {
    case 'ratio': {
      const { kind, events, where, bad, good, measure, objective = null, period: periodMs } = sli;
      const side =
        bad === undefined ? ({ is: 'good', matchers: good ?? {} } as const) : ({ is: 'bad', matchers: bad } as const);
      return { kind, title, events, where, side, measure, objective, periodMs };
    }
    case 'rate': {
      const { kind, events, where, per: perMs } = sli;
      return { kind, title, events, where, perMs };
    }
    case 'burn-rate':
      return { kind: sli.kind, title, of: sli.of, windowsMs: [...sli.windows].sort((a, b) => a - b) };
    case 'quantile':
    case 'gauge':
      return { title, ...sli };
  }
}
