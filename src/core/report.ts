/** The audit made readable: a pure summary that never judges again. */
import type { AuditEntry } from './audit.js';
import type { FlagRecord, Receipt } from './flag-record.js';
import type { Plan } from './plan.js';
import type { RolloutResult } from './rollout-shapes.js';

export interface ReportStage {
  readonly stage: number;
  readonly percent: number;
  readonly enteredAt: string;
  readonly leftAt: string | null;
  readonly plannedHoldMs: number;
  /** Time in the stage beyond its planned hold: waiting for people, data or the end of a pause. */
  readonly beyondHoldMs: number | null;
}

export interface ReportDecision {
  readonly at: string;
  readonly stage: number;
  readonly by: string;
  readonly role: string;
  readonly decision: string;
  readonly reason: string | null;
  readonly evidenceDigest: string;
  /** What the verdict of that evidence said. */
  readonly headline: string | null;
}

export interface ReportRollback {
  readonly askedAt: string;
  readonly by: string;
  readonly reason: string;
  /** Why nothing was written; null: it was. */
  readonly unwritten: string | null;
  readonly writtenAt: string | null;
  readonly provenAt: string | null;
  readonly askedToWrittenMs: number | null;
  readonly askedToProvenMs: number | null;
  readonly objectiveMs: number;
  readonly objectiveMet: boolean | null;
}

/** Raised when a report says anything in other words, so that an old one is not taken for a changed one. */
export const reportWording = 1;

export interface Report {
  readonly wording: number;
  readonly rollout: string;
  readonly runId: string;
  readonly plan: string;
  readonly planDigest: string;
  readonly flag: { readonly environment: string; readonly key: string };
  readonly startedBy: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly outcome: string;
  readonly percent: number;
  readonly reason: string;
  readonly auditHead: string;
  readonly stages: readonly ReportStage[];
  readonly decisions: readonly ReportDecision[];
  readonly refusals: readonly {
    readonly at: string;
    readonly message: string;
    readonly by: string;
    readonly why: string;
  }[];
  readonly rollback: ReportRollback | null;
  readonly timeline: readonly { readonly at: string; readonly kind: string; readonly sentence: string }[];
}

export interface ReportInput {
  readonly plan: Plan;
  readonly audit: readonly AuditEntry[];
  /** Null while the rollout is open. */
  readonly result: RolloutResult | null;
  readonly rollout: string;
  readonly runId: string;
}

export function buildReport({ plan, audit, result, rollout, runId }: ReportInput): Report {
  const started = audit.find(({ kind }) => kind === 'started');
  const closed = audit.findLast(({ kind }) => kind === 'closed');
  return {
    wording: reportWording,
    rollout,
    runId,
    plan: plan.name,
    planDigest: plan.digest,
    flag: { environment: plan.flag.environment, key: plan.flag.key },
    startedBy: text(started?.data['by']),
    startedAt: started?.at ?? null,
    endedAt: closed?.at ?? null,
    outcome: result?.outcome ?? 'open',
    percent: result?.percent ?? lastPercent(audit),
    reason: result?.reason ?? '',
    auditHead: result?.auditHead ?? audit.at(-1)?.hash ?? '',
    stages: stagesOf(plan, audit),
    decisions: decisionsOf(audit),
    refusals: audit
      .filter(({ kind }) => kind === 'refusal')
      .map(({ at, data }) => ({ at, message: text(data['message']), by: text(data['by']), why: text(data['why']) })),
    rollback: rollbackOf(plan, audit),
    timeline: audit.flatMap((entry) => {
      const sentence = sentenceOf(entry);
      return sentence === null ? [] : [{ at: entry.at, kind: entry.kind, sentence }];
    }),
  };
}

/** What a sentence shows of an entry's member; absent reads as nothing. */
function text(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const receiptOf = (entry: AuditEntry): Receipt | null => (entry.data['receipt'] as Receipt | undefined) ?? null;

const isMove = (entry: AuditEntry): boolean => entry.kind === 'flip' || entry.kind === 'rollback';

function lastPercent(audit: readonly AuditEntry[]): number {
  const last = audit.findLast((entry) => isMove(entry) && receiptOf(entry) !== null);
  return last === undefined ? 0 : (receiptOf(last)?.percent ?? 0);
}

/** A stage begins with its proven flip and ends with the next one, a rollback or the close. */
function stagesOf(plan: Plan, audit: readonly AuditEntry[]): ReportStage[] {
  const marks = audit.filter((entry) => (isMove(entry) && receiptOf(entry) !== null) || entry.kind === 'closed');
  const stages: ReportStage[] = [];
  for (const [index, mark] of marks.entries()) {
    if (mark.kind !== 'flip' || typeof mark.data['stage'] !== 'number') continue;
    const stage = stages.length + 1;
    const leftAt = marks[index + 1]?.at ?? null;
    const plannedHoldMs = plan.stages[stage - 1]?.holdMs ?? 0;
    const lastedMs = leftAt === null ? null : Date.parse(leftAt) - Date.parse(mark.at);
    stages.push({
      stage,
      percent: receiptOf(mark)?.percent ?? 0,
      enteredAt: mark.at,
      leftAt,
      plannedHoldMs,
      beyondHoldMs: lastedMs === null ? null : Math.max(0, lastedMs - plannedHoldMs),
    });
  }
  return stages;
}

function decisionsOf(audit: readonly AuditEntry[]): ReportDecision[] {
  return audit
    .filter(({ kind }) => kind === 'decision')
    .map(({ at, data }) => {
      const evidenceDigest = text(data['evidenceDigest']);
      const verdict = audit.find(
        (entry) => entry.kind === 'verdict' && entry.data['evidenceDigest'] === evidenceDigest,
      );
      return {
        at,
        stage: Number(data['stage']),
        by: text(data['by']),
        role: text(data['role']),
        decision: text(data['decision']),
        reason: typeof data['reason'] === 'string' ? data['reason'] : null,
        evidenceDigest,
        headline: verdict === undefined ? null : text(verdict.data['headline']),
      };
    });
}

function rollbackOf(plan: Plan, audit: readonly AuditEntry[]): ReportRollback | null {
  const index = audit.findIndex(({ kind }) => kind === 'rollback');
  const entry = audit[index];
  if (entry === undefined) return null;
  const receipt = receiptOf(entry);
  const asked = audit.slice(0, index).findLast(isRollbackMessage)?.data;
  const askedAt = text(entry.data['askedAt']);
  const since = (instant: string | undefined): number | null =>
    instant === undefined ? null : Date.parse(instant) - Date.parse(askedAt);
  const askedToProvenMs = since(receipt?.provenAt);
  // An adopted break-glass had taken effect when it was written; this rollout was away, or slow to notice, after that.
  const judgedMs = entry.data['adopted'] === undefined ? askedToProvenMs : since(receipt?.writtenAt);
  return {
    askedAt,
    by: receipt?.by ?? text(asked?.['by'] ?? 'holdpoint'),
    reason: receipt?.reason ?? text(asked?.['reason']),
    unwritten: receipt === null ? unwrittenBecause(entry) : null,
    writtenAt: receipt?.writtenAt ?? null,
    provenAt: receipt?.provenAt ?? null,
    askedToWrittenMs: since(receipt?.writtenAt),
    askedToProvenMs,
    objectiveMs: plan.policy.maxRollbackTimeMs,
    objectiveMet: judgedMs === null ? null : judgedMs <= plan.policy.maxRollbackTimeMs,
  };
}

const isRollbackMessage = ({ kind, data }: AuditEntry): boolean => kind === 'message' && data['message'] === 'rollback';

/** A flag that belongs to somebody else has no sentence of its own in the entry. */
function unwrittenBecause({ data }: AuditEntry): string {
  const owner = (data['found'] as Partial<FlagRecord> | undefined)?.owner;
  return data['why'] === undefined
    ? `The flag belonged to ${owner ?? 'nobody'}; nothing was written.`
    : text(data['why']);
}

const whyOf = ({ reason, why = reason }: AuditEntry['data']): string => (why == null ? '' : `: ${text(why)}`);

/** One line of the timeline; null for what only an auditor needs. */
function sentenceOf(entry: AuditEntry): string | null {
  const { kind, data } = entry;
  const receipt = data['receipt'] as Receipt | undefined;
  switch (kind) {
    case 'started':
      return `Started by ${text(data['by'])}.`;
    case 'continued':
      return null;
    case 'claim':
      return receipt === undefined
        ? `Claim refused: ${text(data['refused'])}.`
        : `Flag claimed, fence ${receipt.fence}.`;
    case 'flip':
      return receipt === undefined
        ? `Flip refused: ${text(data['refused'])}.`
        : `Flag at ${receipt.percent} %, proven.`;
    case 'verdict':
      return data['scope'] === 'watch' && data['outcome'] === 'pass'
        ? null
        : `${text(data['scope'])} ${text(data['outcome'])}: ${text(data['headline'])}`;
    case 'move':
      return `${text(data['move'])}: ${text(data['sentence'])}`;
    case 'smoke':
      return `Smoke suite ${text(data['suite'])} ${text(data['outcome'])}.`;
    case 'probe':
      return `Probe ${text(data['item'])}: ${text(data['detail'])}.`;
    case 'message':
      return `${text(data['by'])} sent ${text(data['message'])}${data['item'] === undefined ? '' : ` ${text(data['item'])}`}${whyOf(data)}.`;
    case 'decision':
      return `${text(data['by'])} said ${text(data['decision'])} as ${text(data['role'])}${data['reason'] == null ? '' : `: ${text(data['reason'])}`}.`;
    case 'lapse':
      return `Decisions lapsed: ${text(data['because'])}`;
    case 'refusal':
      return `Refused ${text(data['message'])}: ${text(data['why'])}`;
    case 'deadline':
      return `Deadline of the ${text(data['of'])}${data['item'] === undefined ? '' : ` item ${text(data['item'])}`} passed: ${text(data['action'])}.`;
    case 'drift':
      return 'The flag was not what we last proved.';
    case 'breach':
      return `Breach reported by the ${text(data['from'])}, ${data['confirmed'] === true ? 'confirmed' : 'not confirmed'}.`;
    case 'rollback':
      return receipt === undefined
        ? `Rollback: ${unwrittenBecause(entry)}`
        : `Flag back at ${receipt.percent} %, ${receipt.state}.`;
    case 'trouble':
      return `Trouble: ${text(data['what'])}${data['detail'] === undefined ? '' : ` (${text(data['detail'])})`}`;
    case 'closed':
      return `Closed: ${text(data['outcome'])} at ${text(data['percent'])} %.`;
  }
}
