/** What people say and take back about a gate: attestations, and withdrawals of these and of decisions. */
import { iso } from '../src/core/instant.js';
import { personKey, readName, readText } from '../src/core/person.js';
import type { MessageAnswer } from '../src/core/rollout-shapes.js';
import { accept, endingBecause, refuse, type Message } from './answering.js';
import { gateOf, type Run } from './run.js';

export function attest(run: Run, message: Message): MessageAnswer {
  const { members } = message;
  const by = readName(members['by']) ?? 'somebody';
  const id = readText(members['item']) ?? '';
  const item = gateOf(run).checklist.find((candidate) => candidate.id === id);
  const role = readName(members['role']);
  const ending = endingBecause(run);
  if (ending !== null) return refuse(run, message, ending);
  if (item === undefined) {
    const known = gateOf(run).checklist.map((candidate) => candidate.id);
    return refuse(
      run,
      message,
      `There is no item ${id} at stage ${run.stage}; ${known.length === 0 ? 'it has no checklist' : `its items are ${known.join(', ')}`}.`,
    );
  }
  if (item.probe !== null)
    return refuse(run, message, `${item.title} is answered by the probe ${item.probe}, at each look of the gate.`);
  if (role !== null && role !== item.role)
    return refuse(run, message, `${item.title} is attested by ${item.role}, not by ${role}.`);
  const earlier = run.gate.attested[id];
  if (earlier !== undefined) return refuse(run, message, `${item.title} was attested already, by ${earlier.by}.`);
  run.gate.attested[id] = { by, at: iso(Date.now()) };
  return accept(run, message, {
    item: id,
    by,
    role: item.role,
    note: readText(members['note']),
    answer: `${by} attests: ${item.title}.`,
  });
}

/** Only one's own word can be taken back. */
export function withdraw(run: Run, message: Message): MessageAnswer {
  const ending = endingBecause(run);
  if (ending !== null) return refuse(run, message, ending);
  const by = readName(message.members['by']) ?? 'somebody';
  const item = readText(message.members['item']);
  return item === null ? withdrawDecision(run, message, by) : withdrawAttestation(run, message, { by, item });
}

function withdrawDecision(run: Run, message: Message, by: string): MessageAnswer {
  const mine = run.gate.decisions.find((decision) => personKey(decision.by) === personKey(by));
  if (mine === undefined) {
    const others = run.gate.decisions.map((decision) => `${decision.by}: ${decision.decision}`).join(', ');
    const there = others === '' ? 'nobody has decided yet' : `the decisions here are ${others}`;
    return refuse(run, message, `${by} has no decision at stage ${run.stage} to withdraw; ${there}.`);
  }
  run.gate.decisions = run.gate.decisions.filter((decision) => decision !== mine);
  const { decision, role } = mine;
  return accept(run, message, {
    by,
    decision,
    role,
    reason: readText(message.members['reason']),
    answer: `${by} withdraws the ${decision} given as ${role}.`,
  });
}

function withdrawAttestation(
  run: Run,
  message: Message,
  { by, item }: { readonly by: string; readonly item: string },
): MessageAnswer {
  const attested = run.gate.attested[item];
  if (attested === undefined) return refuse(run, message, `Nobody has attested ${item} at stage ${run.stage}.`);
  if (personKey(attested.by) !== personKey(by))
    return refuse(run, message, `${item} was attested by ${attested.by}; only ${attested.by} can withdraw that.`);
  run.gate.attested = Object.fromEntries(Object.entries(run.gate.attested).filter(([id]) => id !== item));
  return accept(run, message, {
    by,
    item,
    reason: readText(message.members['reason']),
    answer: `${by} withdraws the attestation of ${item}.`,
  });
}
