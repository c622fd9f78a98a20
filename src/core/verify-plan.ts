/** Whether the pack holds the very plan that its rollout was started with. */
import type { AuditEntry } from './audit.js';
import { digestOf } from './digest.js';
import { isRunId, rolloutWorkflowId } from './names.js';
import { packFiles } from './pack-files.js';
import type { Pack, PackFinding } from './pack.js';
import { readMembers } from './person.js';

const advice =
  'Take plan.json from another copy of the pack. What people approved is the plan with the digest in entry 1.';

/** @param started - the first entry; undefined when even that is bad. */
export function checkPlan({ files, folder }: Pack, started: AuditEntry | undefined): PackFinding[] {
  const text = files.get(packFiles.plan)?.text;
  const planProblem = text === undefined ? 'is missing.' : problemOf(text, started?.data);
  return [
    ...(planProblem === null ? [] : [{ file: packFiles.plan, seq: null, problem: planProblem, advice }]),
    ...checkFolder(folder, started),
  ];
}

function problemOf(text: string, started: AuditEntry['data'] | undefined): string | null {
  const plan = parsePlan(text);
  if (plan === null) return 'is not the JSON that Holdpoint writes: it was changed or cut off.';
  const { digest, ...content } = plan;
  if (digestOf(content) !== digest) return 'does not give the digest that it names: it was changed.';
  if (started === undefined) return null;
  if (digest !== started['planDigest']) {
    return `is another plan than the rollout was started with: its digest is ${String(digest)}, entry 1 says ${String(started['planDigest'])}.`;
  }
  // Reviews have ids of their own, and a revert works under whatever id somebody typed at night.
  if (Array.isArray(plan['stages']) && plan['stages'].length === 0) return null;
  const { environment, key } = readMembers(plan['flag']);
  const id = rolloutWorkflowId(String(environment), String(key));
  const { rollout } = started;
  return rollout === id || String(rollout).startsWith(`${id}/`)
    ? null
    : `is for ${id}, and entry 1 for ${String(rollout)}.`;
}

/** Null unless the text is the one spelling of its value: a member twice would be read as another by somebody else. */
function parsePlan(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const plan: unknown = JSON.parse(text);
    return `${JSON.stringify(plan, null, 2)}\n` === text ? readMembers(plan) : null;
  } catch {
    return null;
  }
}

/** The archive names the folder by the run: another run's pack in its place shows, without any head. */
function checkFolder(folder: string, started: AuditEntry | undefined): PackFinding[] {
  const runId = started?.data['runId'];
  if (started === undefined || !isRunId(folder) || folder === runId) return [];
  return [
    {
      file: packFiles.audit,
      seq: 1,
      problem: `is of run ${String(runId)}, but the folder is named after run ${folder}.`,
      advice: 'This is the pack of another run in its place. Look for the right one in the archive or a backup.',
    },
  ];
}
