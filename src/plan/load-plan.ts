/** From a plan's file to a checked plan, with every problem at once. */
import { dirname, isAbsolute, join } from 'node:path';
import { checkCatalogue } from '../catalogue/load-catalogue.js';
import { readText } from '../documents/read-text.js';
import { completePlan, readPlan, type LoadedPlan, type OpenedCatalogue } from './check-plan.js';

export type { LoadedPlan } from './check-plan.js';

/** Never throws: a file that cannot be read is a problem, too. */
export async function loadPlan(path: string): Promise<LoadedPlan> {
  const read = await readText(path, 'name a plan, such as ops/plans/day0.yaml');
  if (!read.ok) return read;
  const plan = readPlan(read.text, path);
  if (!plan.ok) return plan;
  const { slis } = plan.draft;
  return completePlan(
    plan,
    slis === null ? null : await openCatalogue(isAbsolute(slis) ? slis : join(dirname(path), slis), plan),
  );
}

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
