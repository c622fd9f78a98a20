/** People's go and no-go at a gate: who may, what counts, what lapses. */
import { outcomeRank } from './finding.js';
import { personKey } from './person.js';
import type { DecisionRule } from './plan.js';
import type { Verdict } from './verdict.js';

export interface Decision {
  readonly decision: 'go' | 'no-go';
  readonly by: string;
  readonly role: string;
  readonly reason: string | null;
  /** ISO instant. */
  readonly at: string;
  readonly evidenceDigest: string;
  /** `claimed`: the name in the message is believed. */
  readonly identity: 'claimed';
}

/** A well-formed `decide`, `go` or `noGo`. */
export interface DecisionRequest {
  readonly decision: 'go' | 'no-go';
  readonly by: string;
  readonly role: string | null;
  readonly stage: number | null;
  readonly reason: string | null;
  readonly planDigest: string | null;
  readonly evidenceDigest: string | null;
}

/** The gate a decision arrives at. */
export interface OpenGate {
  readonly stage: number;
  readonly rule: DecisionRule;
  readonly planDigest: string;
  readonly startedBy: string;
  readonly decisions: readonly Decision[];
  /** Every verdict shown at this gate, oldest first; the last one is current. */
  readonly verdicts: readonly Verdict[];
}

export type Admission =
  | { readonly accepted: true; readonly reason: string; readonly decision: Decision }
  | { readonly accepted: false; readonly reason: string };

export interface SeatCount {
  readonly role: string;
  readonly need: number;
  readonly have: number;
}

/** Admits or refuses a decision, with the reason in words. `at`: ISO instant. */
export function admitDecision(request: DecisionRequest, gate: OpenGate, at: string): Admission {
  const refusal = boundToAnother(request, gate) ?? notASeat(request, gate) ?? alreadyDecided(request, gate);
  if (refusal !== null) return { accepted: false, reason: refusal };
  const current = gate.verdicts.at(-1);
  const decision: Decision = {
    decision: request.decision,
    by: request.by,
    role: roleOf(request, gate) ?? '',
    reason: request.reason,
    at,
    evidenceDigest: request.evidenceDigest ?? current?.evidenceDigest ?? '',
    identity: 'claimed',
  };
  return {
    accepted: true,
    reason: `${request.by} says ${request.decision} as ${decision.role} at stage ${gate.stage}.`,
    decision,
  };
}

function boundToAnother(request: DecisionRequest, gate: OpenGate): string | null {
  if (request.stage !== null && request.stage !== gate.stage) {
    return `This decision is for stage ${request.stage}; stage ${gate.stage} is at its gate.`;
  }
  if (request.planDigest !== null && request.planDigest !== gate.planDigest) {
    return 'This decision is for another plan; look at the status and decide again.';
  }
  const shown = gate.verdicts.some((verdict) => verdict.evidenceDigest === request.evidenceDigest);
  if (request.evidenceDigest !== null && !shown) {
    return 'This decision is bound to evidence this gate has not shown; look at the status and decide again.';
  }
  return null;
}

/** The role named, or the only one asked for. */
function roleOf(request: DecisionRequest, gate: OpenGate): string | null {
  if (request.role !== null) return request.role;
  return gate.rule.approvers.length === 1 ? (gate.rule.approvers[0]?.role ?? null) : null;
}

function notASeat(request: DecisionRequest, gate: OpenGate): string | null {
  const roles = gate.rule.approvers.map((seat) => seat.role);
  const role = roleOf(request, gate);
  if (role === null) return `Say which role you decide as: ${roles.join(', ')}.`;
  if (!roles.includes(role)) {
    const instead = request.decision === 'no-go' ? ' To take the flag back now, use rollback: it needs no role.' : '';
    return `The role ${role} has no seat at this gate; it asks ${roles.join(', ')}.${instead}`;
  }
  if (request.decision === 'go' && gate.rule.notStarter && personKey(request.by) === personKey(gate.startedBy)) {
    return `${request.by} started this rollout, and the plan says the starter may not approve it.`;
  }
  return null;
}

function alreadyDecided(request: DecisionRequest, gate: OpenGate): string | null {
  const role = roleOf(request, gate);
  const earlier = gate.decisions.find((decision) => personKey(decision.by) === personKey(request.by));
  if (earlier !== undefined && earlier.decision === request.decision) {
    return earlier.role === role
      ? `${request.by} already said ${earlier.decision} as ${earlier.role} at this gate.`
      : `${request.by} already decides as ${earlier.role}; one person fills one seat.`;
  }
  if (request.decision === 'no-go') return null;
  const others = gate.decisions.filter((decision) => decision !== earlier);
  const seat = countSeats(gate.rule, others).find((count) => count.role === role);
  return seat !== undefined && seat.have >= seat.need ? `The ${role} seat at this gate is already filled.` : null;
}

/** A person's newest decision replaces the older one. */
export function withDecision(decisions: readonly Decision[], decision: Decision): readonly Decision[] {
  return [...decisions.filter(({ by }) => personKey(by) !== personKey(decision.by)), decision];
}

export function countSeats(rule: DecisionRule, decisions: readonly Decision[]): readonly SeatCount[] {
  return rule.approvers.map(({ role, count }) => ({
    role,
    need: count,
    have: decisions.filter((decision) => decision.decision === 'go' && decision.role === role).length,
  }));
}

/**
 * Votes on different evidence add up until a finding is worse than on the evidence voted on; then those votes lapse.
 * A no-go never lapses: worse numbers only support it.
 */
export function lapsedBy(verdict: Verdict, gate: Pick<OpenGate, 'decisions' | 'verdicts'>): readonly Decision[] {
  return gate.decisions.filter((decision) => {
    if (decision.decision === 'no-go') return false;
    const seen = gate.verdicts.find(({ evidenceDigest }) => evidenceDigest === decision.evidenceDigest);
    return seen !== undefined && isWorse(verdict, seen);
  });
}

function isWorse(now: Verdict, then: Verdict): boolean {
  return now.findings.some((finding) => {
    const before = then.findings.find(({ check, scope }) => check === finding.check && scope === finding.scope);
    return outcomeRank(finding.outcome) > (before === undefined ? 0 : outcomeRank(before.outcome));
  });
}
