/** Text → Plan, or every problem at once: form, rules and catalogue together. */
import { checkCatalogue, type LoadedCatalogue } from '../catalogue/load-catalogue.js';
import type { PlanComms } from '../comms/plan-comms.js';
import type { Plan } from '../core/plan.js';
import { checkValue, withName } from '../documents/check-document.js';
import { sortProblems, type Problem } from '../documents/problem.js';
import { readDocument, type ReadDocument } from '../documents/read-document.js';
import { configuredIds, type ConfiguredId } from './against-config.js';
import { eventsFit } from './estimate-events.js';
import { normalisePlan } from './normalise-plan.js';
import { draftOf, type PlanDraft } from './plan-draft.js';
import { planSchema } from './plan-schema.js';
import { planRules } from './rules/plan-rules.js';
import type { Found } from './rules/rule.js';

export type LoadedPlan =
  | {
      readonly ok: true;
      readonly plan: Plan;
      readonly warnings: readonly Problem[];
      readonly source: { readonly planFile: string; readonly catalogueFile: string | null };
      /** What the plan names and only a configuration can have: see `checkAgainstConfig`. */
      readonly ids: readonly ConfiguredId[];
      /** Null when the plan says nothing about messages, or its templates were not opened: see `loadPlan`. */
      readonly comms: PlanComms | null;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** @param file - as messages shall name it. `catalogue`: what the plan's `slis` names, if it names one. */
export function checkPlan(
  text: string,
  file: string,
  catalogue: { readonly text: string; readonly file: string } | null,
): LoadedPlan {
  const read = readPlan(text, file);
  if (!read.ok) return read;
  const opened = catalogue === null ? null : { ...catalogue, loaded: checkCatalogue(catalogue.text, catalogue.file) };
  return completePlan(read, opened);
}

export interface ReadPlan {
  readonly ok: true;
  readonly document: ReadDocument;
  readonly draft: PlanDraft;
}

export function readPlan(text: string, file: string): ReadPlan | Extract<LoadedPlan, { ok: false }> {
  const read = readDocument(text, file);
  return read.ok ? { ok: true, document: read.document, draft: draftOf(read.document.value) } : read;
}

export interface OpenedCatalogue {
  readonly file: string;
  readonly loaded: LoadedCatalogue;
}

export function completePlan({ document, draft }: ReadPlan, opened: OpenedCatalogue | null): LoadedPlan {
  const catalogue = opened?.loaded.ok === true ? opened.loaded.catalogue : null;
  const checked = checkValue(document, planSchema);
  const unopened =
    draft.slis !== null && opened === null
      ? [{ path: ['slis'], message: `${draft.slis} was not given along with the plan; give its text, too` }]
      : [];
  const found = planRules.flatMap((rule) => rule({ draft, catalogue })).map((one) => toProblem(document, one));
  const problems = [
    ...(checked.ok ? [] : checked.problems),
    ...unopened.map((one) => toProblem(document, one)),
    ...(opened?.loaded.ok === false ? opened.loaded.problems : []),
    ...found,
  ];
  // Beside an error a warning may be wrong: what it misses may stand there, misspelled.
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (!checked.ok || errors.length > 0) return { ok: false, problems: sortProblems(errors) };
  const plan = normalisePlan(checked.value, catalogue);
  const tooMany = eventsFit(plan).map((one) => toProblem(document, one));
  if (tooMany.length > 0) return { ok: false, problems: tooMany };
  const source = { planFile: document.file, catalogueFile: opened?.file ?? null };
  return { ok: true, plan, warnings: sortProblems(problems), source, ids: configuredIds(draft, document), comms: null };
}

const toProblem = ({ file, locate }: ReadDocument, { path, message, severity }: Found): Problem => ({
  file,
  ...locate(path),
  message: withName(path, message),
  severity: severity ?? 'error',
});
