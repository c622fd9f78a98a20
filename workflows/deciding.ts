/** Taking a go or no-go: admitted or refused, answered and recorded either way. */
import { admitDecision, withDecision, type DecisionRequest } from '../src/core/decision.js';
import { formatClock, iso } from '../src/core/instant.js';
import { readMembers, readName, readText } from '../src/core/person.js';
import type { DecideAnswer } from '../src/core/rollout-shapes.js';
import { noMoveBecause } from './answering.js';
import { interrupt } from './guarding.js';
import { record } from './recording.js';
import { gateOf, isClosing, recordRefusal, type Run } from './run.js';
import { gateIsOpen, gateView } from './view.js';

/** Null for what is no decision at all. */
export function readDecision(message: unknown): DecisionRequest | null {
  const members = readMembers(message);
  const { decision, stage } = members;
  const by = readName(members['by']);
  if ((decision !== 'go' && decision !== 'no-go') || by === null) return null;
  return {
    decision,
    by,
    role: readName(members['role']),
    stage: typeof stage === 'number' ? stage : null,
    reason: readText(members['reason']),
    planDigest: readText(members['planDigest']),
    evidenceDigest: readText(members['evidenceDigest']),
  };
}

export function decide(run: Run, message: string, request: DecisionRequest | null): DecideAnswer {
  const refuse = (reason: string): DecideAnswer => {
    recordRefusal(run, message, { ...request, why: reason });
    return { accepted: false, reason, gate: gateView(run) };
  };
  if (request === null) return refuse('That is no decision.');
  const closed = closedBecause(run);
  if (closed !== null) return refuse(closed);
  const rule = gateOf(run).decision;
  if (rule === null) return refuse(`The gate of stage ${run.stage} asks nobody: a passing verdict is enough.`);
  const admission = admitDecision(
    request,
    {
      stage: run.stage,
      rule,
      planDigest: run.plan.digest,
      startedBy: run.startedBy,
      decisions: run.gate.decisions,
      verdicts: run.gate.verdicts,
    },
    iso(Date.now()),
  );
  if (!admission.accepted) return refuse(admission.reason);
  run.gate.decisions = withDecision(run.gate.decisions, admission.decision);
  record(run, 'decision', { stage: run.stage, ...admission.decision });
  interrupt(run);
  return { accepted: true, reason: admission.reason, gate: gateView(run) };
}

function closedBecause(run: Run): string | null {
  if (isClosing(run)) return 'The rollout is ending; nothing is asked any more.';
  if (run.afterSinceMs !== null) return noMoveBecause(run);
  if (gateIsOpen(run)) return null;
  return run.claim !== 'held'
    ? 'The rollout has not begun; nothing is asked yet.'
    : `Stage ${run.stage} holds until ${formatClock(run.holdEndsAtMs, Date.now())}; its gate is not open yet. To take the flag back now, use rollback.`;
}
