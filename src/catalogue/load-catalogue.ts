/** Text → Catalogue, every problem at its line. */
import { checkValue } from '../documents/check-document.js';
import { sortProblems, type Problem } from '../documents/problem.js';
import { problemAt, readDocument } from '../documents/read-document.js';
import { readText } from '../documents/read-text.js';
import { ruleProblems } from './catalogue-rules.js';
import type { Catalogue, Sli } from './catalogue.js';
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
  if (checked.ok && broken.length === 0) return { ok: true, catalogue: toCatalogue(checked.value) };
  return { ok: false, problems: sortProblems([...(checked.ok ? [] : checked.problems), ...broken]) };
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
