/** What one run knows: plain data that handlers change and the story acts on. */
import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { Decision } from '../src/core/decision.js';
import { iso } from '../src/core/instant.js';
import type { Move } from '../src/core/move.js';
import { ownerOf, packPath } from '../src/core/names.js';
import { readName } from '../src/core/person.js';
import type { AnnounceInput, GuardMemory } from '../activities/facts.js';
import type { ProbeAnswer } from '../src/core/probe.js';
import type { Gate, Stage } from '../src/core/plan.js';
import type {
  MessageAnswer,
  Outcome,
  RollbackAnswer,
  RolloutInput,
  RolloutState,
  RolloutStatus,
} from '../src/core/rollout-shapes.js';
import type { SmokeOutcome } from '../src/core/smoke-outcome.js';
import type { Streaks } from '../src/core/streak.js';
import type { Verdict } from '../src/core/verdict.js';
import { freshRecords, record, type Recorded, type Records } from './recording.js';
import { refusalsKept } from './refusals-kept.js';
import { onlyEventsCount } from './only-events-count.js';

export interface RollbackRequest {
  readonly by: string;
  readonly reason: string;
  /** A person's write is never refused by the store; an automatic one needs the flag to be ours. */
  readonly asked: 'person' | 'automatic';
  readonly atMs: number;
}

/** One hold point in progress. */
export interface GateProgress {
  /** When people were first asked; starts the decision's clock. */
  askedAtMs: number | null;
  remindedAtMs: number;
  /** How long the rollout was paused since people were asked: the decision's deadline moves by it. */
  pausedMs: number;
  /** What people added to the decision's deadline. */
  extendedMs: number;
  deadlineHit: boolean;
  smokedAfterFlip: boolean;
  smokeRun: boolean;
  decisions: readonly Decision[];
  verdicts: Verdict[];
  /** What probes answered last, by item. */
  probed: Record<string, ProbeAnswer & { readonly at: string }>;
  /** Items that were told to be late. */
  lateTold: Record<string, boolean>;
  attested: Record<string, { readonly by: string; readonly at: string }>;
}

/** A new field is either carried, or `carrying.ts` says that it is not. */
export interface Run extends Carried, Recorded {
  readonly startedBy: string;
  readonly owner: string;
  /** Everything a rollback interrupts runs in here. */
  readonly scope: CancellationScope;
  /** The look or smoke run in progress, which a breach cuts short. */
  step: CancellationScope | null;
  /** Which guard runs; an answer of any other comes too late. */
  guard: number | null;
  guardNotBeforeMs: number;
}

/** What a run hands to the next one when its history grows long: JSON, all of it. */
export interface Carried extends Records {
  startedAtMs: number;
  state: RolloutState;
  sinceMs: number;
  /** The percent that Temporal's search attributes show. */
  findablePercent: number;
  outcome: Outcome | null;
  /** 0 is preflight. */
  stage: number;
  intended: number;
  observed: { readonly percent: number | null; readonly at: string } | null;
  /** Since when looks could not read the flag, and why. */
  unread: { readonly sinceMs: number; readonly problem: string } | null;
  claim: 'none' | 'trying' | 'held';
  fence: number;
  revision: string;
  fenceHolder: { kind: 'ours' | 'break-glass' | 'another'; owner: string };
  flippedAt: string | null;
  holdEndsAtMs: number;
  nextLookAtMs: number;
  lastLookAtMs: number;
  lookedAtMs: Record<string, number>;
  /** Somebody wants a look now. */
  lookAsked: boolean;
  gate: GateProgress;
  pause: { readonly by: string; readonly reason: string; readonly atMs: number } | null;
  planDeadlineHit: 'no' | 'do' | 'then';
  planExtendedMs: number;
  /** When the bake was over and the closing checklist began. */
  afterSinceMs: number | null;
  streaks: Streaks;
  verdict: Verdict | null;
  smoke: Record<string, SmokeOutcome>;
  unavailableSinceMs: number | null;
  inconclusiveSinceMs: number | null;
  drift: { readonly sentence: string; readonly above: boolean } | null;
  /** Who wants a flag that drifted written back. */
  reassert: { readonly by: string } | null;
  breach: string | null;
  rollback: RollbackRequest | null;
  answer: RollbackAnswer | null;
  move: Move;
  told: string;
  warned: Record<string, boolean>;
  guardsStarted: number;
  /** What the guards of this stage have counted. */
  guardMemory: GuardMemory | null;
  /** What was accepted last, by the update's id. */
  answers: readonly { readonly id: string; readonly answer: MessageAnswer }[];
  refusals: number;
  /** Of this stage. */
  refused: RolloutStatus['refused'];
  /** By channel and id: told, and not known to have arrived. */
  undelivered: Record<string, AnnounceInput>;
  /** Grows with every message and guard result: what the story waits for. */
  news: number;
}

export const freshGate = (): GateProgress => ({
  askedAtMs: null,
  remindedAtMs: 0,
  pausedMs: 0,
  extendedMs: 0,
  deadlineHit: false,
  smokedAfterFlip: false,
  smokeRun: false,
  decisions: [],
  verdicts: [],
  probed: {},
  lateTold: {},
  attested: {},
});

/** What a rollout is started with, and what an earlier run of it hands over. */
export type RunInput = RolloutInput & { readonly carried?: Carried };

export function openRun({ plan, startedBy, carried }: RunInput): Run {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  const owner = ownerOf(workflowId, firstExecutionRunId);
  return {
    ...freshRun(owner),
    ...carried,
    plan,
    startedBy,
    workflowId,
    runId: firstExecutionRunId,
    owner,
    pack: packPath(plan.flag.environment, plan.flag.key, firstExecutionRunId),
    scope: new CancellationScope(),
    step: null,
    guard: null,
    guardNotBeforeMs: 0,
    telling: 0,
    onlyEventsCount: onlyEventsCount(),
  };
}

function freshRun(owner: string): Carried {
  const now = Date.now();
  return {
    ...freshRecords(),
    startedAtMs: now,
    state: 'waiting',
    sinceMs: now,
    findablePercent: 0,
    outcome: null,
    stage: 0,
    intended: 0,
    observed: null,
    unread: null,
    claim: 'none',
    fence: 0,
    revision: '',
    fenceHolder: { kind: 'ours', owner },
    flippedAt: null,
    holdEndsAtMs: now,
    nextLookAtMs: now,
    lastLookAtMs: 0,
    lookedAtMs: {},
    lookAsked: false,
    gate: freshGate(),
    pause: null,
    planDeadlineHit: 'no',
    planExtendedMs: 0,
    afterSinceMs: null,
    streaks: {},
    verdict: null,
    smoke: {},
    unavailableSinceMs: null,
    inconclusiveSinceMs: null,
    drift: null,
    reassert: null,
    breach: null,
    rollback: null,
    answer: null,
    move: { kind: 'wait', row: 'hold', sentence: 'Starting.' },
    told: '',
    warned: {},
    guardsStarted: 0,
    guardMemory: null,
    answers: [],
    refusals: 0,
    refused: null,
    undelivered: {},
    news: 0,
  };
}

const noGate: Gate = { checks: [], smoke: [], checklist: [], decision: null };

/** The stage being held; undefined in preflight. */
export const stageOf = (run: Run): Stage | undefined => run.plan.stages[run.stage - 1];

export function gateOf(run: Run): Gate {
  if (run.afterSinceMs !== null) return { ...noGate, checklist: run.plan.after };
  return (run.stage === 0 ? run.plan.preflight : stageOf(run)?.gate) ?? noGate;
}

export function setState(run: Run, state: RolloutState): void {
  if (run.state === state) return;
  run.state = state;
  run.sinceMs = Date.now();
}

export function recordRefusal(
  run: Run,
  message: string,
  data: Readonly<Record<string, unknown>> & { readonly why: string },
): void {
  run.refusals += 1;
  run.refused = { message, by: readName(data['by']), reason: data.why, at: iso(Date.now()) };
  if (run.refusals <= refusalsKept) record(run, 'refusal', { message, ...data });
}

export const isClosing = (run: Run): boolean => run.outcome !== null || run.rollback !== null;
