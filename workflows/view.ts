/** The run as outsiders may see it: the answers of the queries, and what people still have to do. */
import { entriesIn } from '../src/core/audit-lines.js';
import { countSeats, type SeatCount } from '../src/core/decision.js';
import { iso } from '../src/core/instant.js';
import type { ChecklistItem } from '../src/core/plan.js';
import type { Blocker, GateView, RolloutStatus, WhyAnswer } from '../src/core/rollout-shapes.js';
import { notDelivered, silentChannels, type SilentChannel } from '../src/core/silent-channels.js';
import { gateOf, type Run } from './run.js';

/** What due times count from: the moment the item's gate opens. */
export function opensAtMs({ plan, stage, afterSinceMs, startedAtMs, holdEndsAtMs }: Run): number {
  if (afterSinceMs !== null) return afterSinceMs;
  if (stage > 0) return holdEndsAtMs;
  return plan.startAt === null ? startedAtMs : Date.parse(plan.startAt);
}

export const missingItems = (run: Run): readonly ChecklistItem[] =>
  gateOf(run).checklist.filter(({ id, probe }) =>
    probe === null ? run.gate.attested[id] === undefined : run.gate.probed[id]?.ok !== true,
  );

/** With what its probe saw. */
export const describeItem = (run: Run, { id, title, probe }: ChecklistItem): string =>
  probe === null ? title : `${title} (${run.gate.probed[id]?.detail ?? 'not looked at yet'})`;

export function seats(run: Run): readonly SeatCount[] {
  const rule = gateOf(run).decision;
  return rule === null ? [] : countSeats(rule, run.gate.decisions);
}

/** When the decision must be there; null while nobody was asked. A pause moves it by the pause's length. */
export function decisionDeadlineMs(run: Run): number | null {
  const rule = gateOf(run).decision;
  if (rule === null || run.gate.askedAtMs === null) return null;
  const pausedNow = run.pause === null ? 0 : Date.now() - run.pause.atMs;
  return run.gate.askedAtMs + rule.deadlineMs + run.gate.pausedMs + run.gate.extendedMs + pausedNow;
}

/** A decision is taken at a hold point: the hold is over and the gate was looked at. */
export const gateIsOpen = (run: Run): boolean =>
  run.claim === 'held' && Date.now() >= run.holdEndsAtMs && run.gate.verdicts.length > 0;

export const gateView = (run: Run): GateView | null =>
  gateIsOpen(run) ? { stage: run.stage, roles: seats(run) } : null;

export function statusOf(run: Run): RolloutStatus {
  const deadline = decisionDeadlineMs(run);
  const open = gateIsOpen(run) || missingItems(run).length > 0;
  return {
    rollout: run.workflowId,
    runId: run.runId,
    plan: run.plan.name,
    planDigest: run.plan.digest,
    startedBy: run.startedBy,
    state: run.state,
    stage: run.stage,
    stages: run.plan.stages.length,
    percent: {
      intended: run.intended,
      observed: run.observed?.percent ?? null,
      observedAt: run.observed?.at ?? null,
      ...(run.unread === null ? {} : { unread: { since: iso(run.unread.sinceMs), problem: run.unread.problem } }),
    },
    since: iso(run.sinceMs),
    holdEndsAt: run.stage === 0 || run.outcome !== null ? null : iso(run.holdEndsAtMs),
    next: {
      move: run.move.kind,
      sentence: run.move.sentence,
      at: run.move.atMs === undefined ? null : iso(run.move.atMs),
    },
    verdict: run.verdict,
    asked:
      open && run.outcome === null
        ? {
            roles: gateIsOpen(run) ? seats(run) : [],
            checklist: missingItems(run).flatMap(({ id, title, role, dueMs }) =>
              role === null ? [] : [{ id, title, role, due: dueMs === null ? null : iso(opensAtMs(run) + dueMs) }],
            ),
            probes: missingItems(run).flatMap(({ id, title, probe }) =>
              probe === null ? [] : [{ id, title, probe, detail: run.gate.probed[id]?.detail ?? 'not looked at yet' }],
            ),
            until: deadline === null ? null : iso(deadline),
            decisions: run.gate.decisions,
          }
        : null,
    refused: run.refused,
    silent: silentNow(run),
    fence: run.fence,
    owner: run.claim === 'held' ? run.fenceHolder.owner : null,
    receipt: run.answer,
  };
}

/** Only lines about it are read: a status is asked for often, and a day has hundreds of them. */
const silentNow = ({ undelivered, audit }: Run): SilentChannel[] =>
  silentChannels({
    undelivered: Object.values(undelivered),
    audit: entriesIn(audit.lines.filter((line) => line.includes(notDelivered))),
    nowMs: Date.now(),
  });

/** Everything that stands between now and the next percent. */
export function whyOf(run: Run): WhyAnswer {
  if (run.outcome !== null) return { blockers: [] };
  if (run.rollback !== null) {
    const sentence = `${run.rollback.by} asked for a rollback: ${run.rollback.reason}`;
    const blocker: Blocker = { kind: 'rollback', sentence, until: null, who: [] };
    // Asked for is not enough to know at night: what keeps it?
    return {
      blockers: run.state === 'needs-a-human' ? [blocker, { ...blocker, sentence: run.move.sentence }] : [blocker],
    };
  }
  return { blockers: [...waiting(run), ...judged(run), ...people(run)] };
}

function waiting(run: Run): Blocker[] {
  const blockers: Blocker[] = [];
  const startAt = run.plan.startAt;
  if (run.claim === 'none' && startAt !== null && Date.parse(startAt) > Date.now()) {
    blockers.push({ kind: 'start', sentence: 'The start has not come yet.', until: startAt, who: [] });
  }
  if (run.stage > 0 && Date.now() < run.holdEndsAtMs) {
    blockers.push({ kind: 'hold', sentence: 'The hold is not over.', until: iso(run.holdEndsAtMs), who: [] });
  }
  if (run.pause !== null) {
    blockers.push({
      kind: 'pause',
      sentence: `Paused by ${run.pause.by}: ${run.pause.reason}`,
      until: null,
      who: ['anyone'],
    });
  }
  if (run.drift !== null) blockers.push({ kind: 'drift', sentence: run.drift.sentence, until: null, who: ['on-call'] });
  return blockers;
}

function judged(run: Run): Blocker[] {
  const findings = run.verdict?.findings ?? [];
  return findings
    .filter(({ outcome, severity }) => outcome !== 'pass' && (severity === 'rollback' || severity === 'block'))
    .map(({ check, sentence }) => ({
      kind: check.startsWith('smoke:') ? ('smoke' as const) : ('check' as const),
      sentence,
      until: iso(run.nextLookAtMs),
      who: [],
    }));
}

function people(run: Run): Blocker[] {
  const deadline = decisionDeadlineMs(run);
  const until = deadline === null ? null : iso(deadline);
  return [
    ...seats(run)
      .filter(({ have, need }) => have < need)
      .map(({ role, have, need }) => ({
        kind: 'decision' as const,
        sentence: `${role}: ${have} of ${need} have said go.`,
        until,
        who: [role],
      })),
    ...missingItems(run).map((item) => ({
      kind: 'checklist' as const,
      sentence: describeItem(run, item),
      until: item.dueMs === null ? null : iso(opensAtMs(run) + item.dueMs),
      who: item.role === null ? [] : [item.role],
    })),
  ];
}
