/** From a plan's file to a checked plan, with every problem at once. */
import { dirname, isAbsolute, join } from 'node:path';
import { checkCatalogue } from '../catalogue/load-catalogue.js';
import { readText } from '../documents/read-text.js';
import type { PlanComms } from '../comms/plan-comms.js';
import { sortProblems, type Problem } from '../documents/problem.js';
import { problemAt } from '../documents/read-document.js';
import { completePlan, readPlan, type LoadedPlan, type OpenedCatalogue, type ReadPlan } from './check-plan.js';
import type { CommsFile } from './comms-schema.js';

export type { LoadedPlan } from './check-plan.js';

/** Never throws: a file that cannot be read is a problem, too. */
export async function loadPlan(path: string): Promise<LoadedPlan> {
  const read = await readText(path, 'name a plan, such as ops/plans/day0.yaml');
  if (!read.ok) return read;
  const plan = readPlan(read.text, path);
  if (!plan.ok) return plan;
  const { slis } = plan.draft;
  const beside = (given: string): string => (isAbsolute(given) ? given : join(dirname(path), given));
  const loaded = completePlan(plan, slis === null ? null : await openCatalogue(beside(slis), plan));
  const { comms } = plan.draft;
  return comms === null ? loaded : withComms(loaded, plan, { ...comms, templates: beside(comms.templates) });
}

/** Loaded only for plans that have messages: `check` has to answer at once. */
async function withComms(loaded: LoadedPlan, { document }: ReadPlan, comms: CommsFile): Promise<LoadedPlan> {
  const { loadTemplates } = await import('../comms/load-templates.js');
  const { planCommsProblems } = await import('../comms/plan-comms.js');
  const opened = await loadTemplates(comms.templates);
  if (opened.kind === 'no-folder') {
    const place = document.locate(['comms', 'templates']);
    const message = `comms.templates: ${comms.templates}: ${opened.why}; correct the path, it is relative to the plan`;
    return refuse(loaded, [problemAt(document.file, place, message)]);
  }
  const { templates } = opened;
  const fields = saidFields(comms.fields);
  const found = planCommsProblems({ templates, fields }, document, loaded.ok ? loaded.plan : null);
  if (opened.problems.length + found.length > 0) return refuse(loaded, [...opened.problems, ...found]);
  if (!loaded.ok) return loaded;
  const { remindBefore, remindEvery, escalateTo } = comms;
  const { planCommsWarnings } = await import('../comms/comms-warnings.js');
  const warnings = planCommsWarnings({ templates, fields }, document, loaded.plan);
  const terms = { remindBeforeMs: remindBefore, remindEveryMs: remindEvery, escalateTo };
  return {
    ...loaded,
    warnings: sortProblems([...loaded.warnings, ...warnings]),
    comms: { folder: comms.templates, templates, fields, ...terms },
  };
}

const refuse = (loaded: LoadedPlan, problems: readonly Problem[]): LoadedPlan => ({
  ok: false,
  problems: sortProblems([...(loaded.ok ? [] : loaded.problems), ...problems]),
});

const saidFields = (fields: CommsFile['fields']): PlanComms['fields'] =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** A catalogue that cannot be read is a problem of the plan: there the path stands. */
async function openCatalogue(
  file: string,
  { document }: Extract<ReturnType<typeof readPlan>, { ok: true }>,
): Promise<OpenedCatalogue> {
  const read = await readText(file, 'correct the path; it is relative to the plan');
  if (read.ok) return { file, loaded: checkCatalogue(read.text, file) };
  const problems = read.problems.map((problem) => ({
    ...problem,
    file: document.file,
    ...document.locate(['slis']),
    message: `slis: ${file}: ${problem.message}`,
  }));
  return { file, loaded: { ok: false, problems } };
}
