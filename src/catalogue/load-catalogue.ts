/** Text → Catalogue, every problem at its line. */
import { checkValue } from '../documents/check-document.js';
import { sortProblems, type Problem } from '../documents/problem.js';
import { problemAt, readDocument } from '../documents/read-document.js';
import { readText } from '../documents/read-text.js';
import { ruleProblems } from './catalogue-rules.js';
import type { Baseline, Catalogue, Sli } from './catalogue.js';
import { ruleSetProblems } from './rules/rule-set-problems.js';
import { readAlert, readObjective } from './read-alert.js';
import { catalogueSchema, type CatalogueFile, type SliFile } from './catalogue-schema.js';

export type LoadedCatalogue =
  { readonly ok: true; readonly catalogue: Catalogue } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Never throws: a file that cannot be read is a problem, too. */
export async function loadCatalogue(path: string): Promise<LoadedCatalogue> {
  const read = await readText(path, 'name a catalogue, such as ops/slis/reporting.yaml');
  return read.ok ? checkCatalogue(read.text, path) : read;
}

/** Form and rules together: a misspelled key does not hide what is wrong elsewhere. */
export function checkCatalogue(text: string, file: string): LoadedCatalogue {
  const read = readDocument(text, file);
  if (!read.ok) return read;
  const { document } = read;
  const checked = checkValue(document, catalogueSchema);
  const broken = ruleProblems(document.value).map(({ path, message }) =>
    problemAt(file, document.locate(path), message),
  );
  if (checked.ok && broken.length === 0) {
    const catalogue = toCatalogue(checked.value);
    const clashes = ruleSetProblems(catalogue).map(({ path, message }) =>
      problemAt(file, document.locate(path), message),
    );
    return clashes.length === 0 ? { ok: true, catalogue } : { ok: false, problems: sortProblems(clashes) };
  }
  return { ok: false, problems: sortProblems([...(checked.ok ? [] : checked.problems), ...broken]) };
}

const toCatalogue = ({ service, labels, slis, budget, links, dashboard }: CatalogueFile): Catalogue => ({
  service,
  labels,
  slis: Object.fromEntries(Object.entries(slis).map(([id, sli]) => [id, toSli(id, sli)])),
  budget: budget ?? null,
  links: links === undefined ? null : { runbooks: bare(links.runbooks), dashboards: bare(links.dashboards) },
  dashboard: dashboard ?? null,
});

const bare = (url: string): string => url.replace(/\/+$/, '');

function toSli(id: string, file: SliFile): Sli {
  const { title = id, alias = null, record = id.replaceAll('-', '_') } = file;
  const { group = file.kind === 'burn-rate' ? 'slo' : 'operations' } = file;
  const by = file.kind === 'burn-rate' ? [] : file.by;
  // The rules have found the wrong ones.
  const alerts = file.alerts.flatMap((alert) => {
    const read = readAlert(alert, file);
    return read.ok ? [read.alert] : [];
  });
  const named = { title, group, record, alias, by, target: readObjective(file), alerts };
  switch (file.kind) {
    case 'ratio': {
      const { kind, events, where, bad, good, measure, objective = null, period: periodMs, baseline } = file;
      const side =
        bad === undefined ? ({ is: 'good', matchers: good ?? {} } as const) : ({ is: 'bad', matchers: bad } as const);
      return { ...named, kind, events, where, side, measure, objective, periodMs, baseline: toBaseline(baseline) };
    }
    case 'rate': {
      const { kind, events, where, per: perMs } = file;
      return { ...named, kind, events, where, perMs };
    }
    case 'burn-rate':
      return { ...named, kind: file.kind, of: file.of, windowsMs: [...file.windows].sort((a, b) => a - b) };
    case 'quantile': {
      const { kind, histogram, where, quantile } = file;
      return { ...named, kind, histogram, where, quantile };
    }
    case 'gauge': {
      const { kind, metric, where, aggregate } = file;
      return { ...named, kind, metric, where, aggregate };
    }
  }
}

type RatioFile = Extract<SliFile, { kind: 'ratio' }>;

function toBaseline(baseline: RatioFile['baseline']): Baseline | null {
  if (baseline === undefined) return null;
  const { over: overMs, ago: agoMs, within, minEvents } = baseline;
  return { overMs, agoMs, within, minEvents };
}
