/** The plan as the workflow sees it: checked, complete and plain JSON. Made only by `src/plan/load-plan.ts`. */

export type Severity = 'rollback' | 'block' | 'warn' | 'observe';

/** The safe state's extra flag values: what `flag.rollback.set` names, beside percent 0. */
export type FlagValues = Readonly<Record<string, boolean>>;

/** Inclusive: a value equal to the limit passes. Exactly one of the two is set. */
export type Limit = { readonly min: number } | { readonly max: number };

/**
 * One question about a number.
 *
 * `queries` are PromQL with `$window` (a range such as `900s`) and `$labels` already filled in, except `$window`,
 * which the asker fills in with `fillWindow`.
 */
export interface Check {
  readonly name: string;
  readonly title: string;
  readonly severity: Severity;
  readonly limit: Limit;
  /** How the number reads: `ratio` 0–1, `seconds`, `per-second`, `per-minute`, or a bare `number`. */
  readonly unit: CheckUnit;
  /** Non-overlapping failing windows in a row that make a rollback-severity check roll back. */
  readonly consecutive: number;
  /** Fewer events than this in the window is `insufficient`. 0 when the check has no event count. */
  readonly minEvents: number;
  /** Length of a watch sample's window. 0 for an instant value such as a gauge. */
  readonly windowMs: number;
  /** Two samples closer than this share data and count as one in `consecutive`. */
  readonly overlapMs: number;
  /** How often a look asks it. */
  readonly everyMs: number;
  /** What a gate looks at: everything since the stage's flip, or the same window as the watch. */
  readonly gateWindow: 'stage' | 'watch';
  readonly queries: CheckQueries;
}

export type CheckUnit = 'ratio' | 'seconds' | 'per-second' | 'per-minute' | 'number';

/** PromQL with the placeholder `$window`. */
export interface CheckQueries {
  /** The number that is compared with the limit. */
  readonly value: string;
  /** How many events the number rests on; absent when the SLI has no event count. */
  readonly events?: string;
  /** Unix seconds of the newest raw sample; absent for a free `promql` source. Tells a stale answer from a fresh one. */
  readonly newest?: string;
}

/** What a probe asks the world, in place of a person who looks. */
export const probes = ['metrics-have-data', 'flag-reads-back'] as const;
export type Probe = (typeof probes)[number];

/** Attested by a person of `role`, or answered by `probe`: exactly one of the two is set. */
export interface ChecklistItem {
  readonly id: string;
  readonly title: string;
  readonly role: string | null;
  readonly probe: Probe | null;
  /** Milliseconds after its gate opens, before it when negative: who has not attested it by then is told. Null: never. */
  readonly dueMs: number | null;
  /** Where the checklist lists a preflight item, such as `T-24h`; absent: at the start. */
  readonly phase?: string;
}

export interface Seat {
  readonly role: string;
  readonly count: number;
}

export type DeadlineAction = 'ask' | 'pause' | 'roll-back';

export interface DecisionRule {
  readonly approvers: readonly Seat[];
  /** The starter may not decide. */
  readonly notStarter: boolean;
  readonly deadlineMs: number;
  readonly remindEveryMs: number | null;
  readonly escalateTo: string | null;
  readonly onDeadline: DeadlineAction;
}

/** What one hold point requires. */
export interface Gate {
  /** Names of `Plan.checks`. */
  readonly checks: readonly string[];
  /** Ids of smoke suites in the worker's configuration. */
  readonly smoke: readonly string[];
  readonly checklist: readonly ChecklistItem[];
  /** Null: no person is asked, a passing verdict is enough. */
  readonly decision: DecisionRule | null;
}

export interface Stage {
  /** 0–100, up to three decimals. */
  readonly percent: number;
  readonly holdMs: number;
  readonly gate: Gate;
}

export interface Watch {
  readonly everyMs: number;
  readonly guardMs: number;
  /** Names of `Plan.checks`. */
  readonly checks: readonly string[];
}

export interface Policy {
  readonly onNoGo: 'pause' | 'roll-back';
  readonly onSmokeFailure: 'ask' | 'roll-back';
  readonly onInconclusive: { readonly afterMs: number; readonly do: 'ask' | 'roll-back' };
  readonly onUnavailable: { readonly afterMs: number; readonly do: 'ask' | 'roll-back' };
  readonly onDrift: 'pause' | 'reassert' | 'roll-back';
  readonly onDeadline: PlanDeadlinePolicy;
  readonly maxRollbackTimeMs: number;
}

/** What happens when the whole plan's deadline passes: `do` at once; `then`, if set, `afterMs` later. */
export interface PlanDeadlinePolicy {
  readonly do: DeadlineAction;
  readonly afterMs: number | null;
  readonly then: DeadlineAction | null;
}

export interface Plan {
  readonly apiVersion: 'holdpoint/v1';
  readonly name: string;
  readonly owner: string | null;
  readonly description: string | null;
  readonly flag: {
    /** Id of a flag store in the worker's configuration. */
    readonly store: string;
    readonly environment: string;
    readonly key: string;
    readonly rollbackSet: FlagValues;
  };
  /** ISO instant, or null: at once. */
  readonly startAt: string | null;
  readonly deadlineMs: number;
  /** Null: no preflight beyond the claim. */
  readonly preflight: Gate | null;
  readonly watch: Watch;
  readonly stages: readonly Stage[];
  /** What is left to do once the bake is over. Each has a due time. */
  readonly after: readonly ChecklistItem[];
  readonly policy: Policy;
  readonly checks: Readonly<Record<string, Check>>;
  /** Channel ids in the worker's configuration. */
  readonly channels: readonly string[];
  /** `sha256:…` over the canonical JSON of everything above. */
  readonly digest: string;
}

/** Puts a window into a query. Prometheus takes whole seconds here; a window under 1 s would be an empty range. */
export function fillWindow(query: string, windowMs: number): string {
  return query.replaceAll('$window', `${Math.max(1, Math.floor(windowMs / 1000))}s`);
}
