/** A plan's go/no-go checklist: what is true when, who says so, and, of a rollout, what of it is done. */
import { formatDuration } from './duration.js';
import { iso } from './instant.js';
import { formatPercent } from './number-text.js';
import type { ChecklistItem, Gate, Plan } from './plan.js';

/** What answers a line. Everything but `person` is answered by Holdpoint itself. */
export type Answered =
  | { readonly kind: 'person'; readonly item: string; readonly role: string }
  | { readonly kind: 'probe'; readonly item: string; readonly probe: string }
  | { readonly kind: 'flip'; readonly percent: number }
  | { readonly kind: 'smoke'; readonly suite: string; readonly when: 'after-flip' | 'hold-point' }
  | { readonly kind: 'checks'; readonly checks: readonly string[] }
  | { readonly kind: 'decision'; readonly roles: readonly string[] };

/** `later`: its gate has not come. `missed`: the rollout ended without it. */
export type LineState = 'later' | 'open' | 'late' | 'failed' | 'done' | 'missed';

export interface ChecklistLine {
  /** 0 is preflight; the list after the bake is one beyond the last stage. */
  readonly gate: number;
  readonly title: string;
  readonly answered: Answered;
  /** ISO instant; null when nobody is told, or when nothing is known of a start. */
  readonly due: string | null;
}

export interface ChecklistPhase {
  /** `T-24h`, `T-0`, `T+4h`: before the first flip as the plan calls it, after it as the holds add up. */
  readonly name: string;
  readonly what: string;
  readonly lines: readonly ChecklistLine[];
}

/** @param opensAtMs - when a gate opens, which due times are counted from; null: nobody knows. */
export function checklistOf(plan: Plan, opensAtMs: (gate: number) => number | null): ChecklistPhase[] {
  const { preflight, stages, after } = plan;
  const gates: ChecklistPhase[] = [];
  let heldMs = 0;
  for (const [index, { percent, holdMs, gate }] of stages.entries()) {
    heldMs += holdMs;
    const isLast = index === stages.length - 1;
    gates.push({
      name: `T+${compact(heldMs)}`,
      what: isLast ? `End of the bake at ${formatPercent(percent)}` : `Hold point at ${formatPercent(percent)}`,
      lines: [
        ...gateLines(gate, index + 1, opensAtMs(index + 1)),
        ...(isLast ? after.map((item) => itemLine(item, index + 2, opensAtMs(index + 2))) : flipLines(plan, index + 1)),
      ],
    });
  }
  return [...preflightPhases(plan, preflight, opensAtMs(0)), ...gates];
}

const zero = 'T-0';

function preflightPhases(plan: Plan, preflight: Gate | null, startMs: number | null): ChecklistPhase[] {
  const items = preflight?.checklist ?? [];
  const named = [...new Set(items.map(({ phase = zero }) => phase))].filter((name) => name !== zero);
  const linesOf = (name: string): ChecklistLine[] =>
    items.filter(({ phase = zero }) => phase === name).map((item) => itemLine(item, 0, startMs));
  const rest = preflight === null ? [] : gateLines({ ...preflight, checklist: [] }, 0, startMs);
  return [
    ...named.map((name) => ({ name, what: 'Before the start', lines: linesOf(name) })),
    { name: zero, what: 'The start', lines: [...linesOf(zero), ...rest, ...flipLines(plan, 0)] },
  ];
}

/** The flip into the stage at `index`, and what is asked at once. */
function flipLines({ stages }: Plan, index: number): ChecklistLine[] {
  const stage = stages[index];
  if (stage === undefined) return [];
  const { percent, gate } = stage;
  const line = (title: string, answered: Answered): ChecklistLine => ({ gate: index + 1, title, answered, due: null });
  return [
    line(`Flag at ${formatPercent(percent)}, read back`, { kind: 'flip', percent }),
    ...gate.smoke.map((suite) =>
      line(`Smoke suite ${suite} is green at ${formatPercent(percent)}`, { kind: 'smoke', suite, when: 'after-flip' }),
    ),
  ];
}

function gateLines(
  { checks, smoke, checklist, decision }: Gate,
  gate: number,
  opensAtMs: number | null,
): ChecklistLine[] {
  const line = (title: string, answered: Answered): ChecklistLine => ({ gate, title, answered, due: null });
  const roles = decision?.approvers.map(({ role, count }) => (count === 1 ? role : `${count} × ${role}`)) ?? [];
  return [
    ...(checks.length === 0 ? [] : [line(`Checks pass: ${checks.join(', ')}`, { kind: 'checks', checks })]),
    ...smoke.map((suite) => line(`Smoke suite ${suite} is green`, { kind: 'smoke', suite, when: 'hold-point' })),
    ...checklist.map((item) => itemLine(item, gate, opensAtMs)),
    ...(roles.length === 0 ? [] : [line('Decision: go', { kind: 'decision', roles })]),
  ];
}

function itemLine(
  { id, title, role, probe, dueMs }: ChecklistItem,
  gate: number,
  opensAtMs: number | null,
): ChecklistLine {
  const answered: Answered =
    probe === null ? { kind: 'person', item: id, role: role ?? 'nobody' } : { kind: 'probe', item: id, probe };
  return { gate, title, answered, due: dueMs === null || opensAtMs === null ? null : iso(opensAtMs + dueMs) };
}

const hourMs = 3_600_000;

/** `24h` rather than `1d`: that is how people count a rollout's day. */
const compact = (ms: number): string =>
  ms % hourMs === 0 ? `${ms / hourMs}h` : formatDuration(ms).replaceAll(' ', '').replace('min', 'm');
