/** Attest, pause, resume: each answered with the reason, each recorded. */
import { iso } from '../src/core/instant.js';
import { readName, readText } from '../src/core/person.js';
import type { MessageAnswer } from '../src/core/rollout-shapes.js';
import { gateOf, isClosing, record, recordRefusal, type Run } from './run.js';
import { tell } from './tell.js';

type Members = Readonly<Record<string, unknown>>;

const ending = 'The rollout is ending; nothing can be changed any more.';

function refuse(run: Run, message: string, { members, reason }: { members: Members; reason: string }): MessageAnswer {
  recordRefusal(run, message, { by: readName(members['by']), why: reason });
  return { accepted: false, reason };
}

export function attest(run: Run, members: Members): MessageAnswer {
  const by = readName(members['by']) ?? 'somebody';
  const id = readText(members['item']) ?? '';
  const item = gateOf(run).checklist.find((candidate) => candidate.id === id);
  const role = readName(members['role']);
  const no = (reason: string): MessageAnswer => refuse(run, 'attest', { members, reason });
  if (isClosing(run)) return no(ending);
  if (item === undefined) {
    const known = gateOf(run).checklist.map((candidate) => candidate.id);
    return no(
      `There is no item ${id} at stage ${run.stage}; ${known.length === 0 ? 'it has no checklist' : `its items are ${known.join(', ')}`}.`,
    );
  }
  if (role !== null && role !== item.role) return no(`${item.title} is attested by ${item.role}, not by ${role}.`);
  if (run.gate.attested[id] !== undefined)
    return no(`${item.title} was attested already, by ${run.gate.attested[id].by}.`);
  run.gate.attested[id] = { by, at: iso(Date.now()) };
  record(run, 'message', {
    message: 'attest',
    item: id,
    by,
    role: item.role,
    note: readText(members['note']),
    stage: run.stage,
  });
  run.news += 1;
  return { accepted: true, reason: `${by} attests: ${item.title}.` };
}

export function pause(run: Run, members: Members): MessageAnswer {
  const by = readName(members['by']) ?? 'somebody';
  const reason = readText(members['reason']) ?? 'no reason given';
  if (isClosing(run)) return refuse(run, 'pause', { members, reason: ending });
  if (run.pause !== null)
    return refuse(run, 'pause', { members, reason: `Already paused by ${run.pause.by}: ${run.pause.reason}` });
  run.pause = { by, reason, atMs: Date.now() };
  record(run, 'message', { message: 'pause', by, reason });
  run.news += 1;
  return { accepted: true, reason: 'Paused: the percentage will not rise. Hold clock, watch and deadline go on.' };
}

export function resume(run: Run, members: Members): MessageAnswer {
  const by = readName(members['by']) ?? 'somebody';
  const reason = readText(members['reason']) ?? 'no reason given';
  if (isClosing(run)) return refuse(run, 'resume', { members, reason: ending });
  if (run.pause === null) return refuse(run, 'resume', { members, reason: 'The rollout is not paused.' });
  run.gate.pausedMs += Date.now() - Math.max(run.pause.atMs, run.gate.askedAtMs ?? run.pause.atMs);
  if (run.gate.deadlineHit) restartDecision(run);
  run.pause = null;
  record(run, 'message', { message: 'resume', by, reason });
  tell(run, 'resumed', { what: `${by} ended the pause.`, why: reason });
  run.news += 1;
  return { accepted: true, reason: 'Resumed.' };
}

/** After a missed deadline a resume asks anew: the clock starts again. */
function restartDecision(run: Run): void {
  run.gate.deadlineHit = false;
  run.gate.askedAtMs = Date.now();
  run.gate.remindedAtMs = Date.now();
  run.gate.pausedMs = 0;
}
