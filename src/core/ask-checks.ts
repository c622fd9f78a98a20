/** Which queries a look or a gate asks: one per check and scope, windows filled in. */
import { fillWindow, type Check, type Plan } from './plan.js';
import type { SampleScope } from './sample.js';

export interface AskedCheck {
  readonly check: string;
  readonly scope: SampleScope;
  readonly windowMs: number;
  readonly queries: { readonly value: string; readonly events?: string; readonly newest?: string };
}

export const askedId = (asked: { readonly check: string; readonly scope: SampleScope }): string =>
  `${asked.scope}/${asked.check}`;

function ask(check: Check, scope: SampleScope, windowMs: number): AskedCheck {
  const { value, events, newest } = check.queries;
  return {
    check: check.name,
    scope,
    windowMs,
    queries: {
      value: fillWindow(value, windowMs),
      ...(events === undefined ? {} : { events: fillWindow(events, windowMs) }),
      ...(newest === undefined ? {} : { newest: fillWindow(newest, windowMs) }),
    },
  };
}

const checksNamed = (plan: Plan, names: readonly string[]): Check[] => names.flatMap((name) => plan.checks[name] ?? []);

/** Watch checks due at a look: those never asked, or asked at least `every` ago. */
export function askWatch(plan: Plan, due: (check: Check) => boolean): AskedCheck[] {
  return checksNamed(plan, plan.watch.checks)
    .filter(due)
    .map((check) => ask(check, 'watch', check.windowMs));
}

/** Every check that the watch or a gate names, each over its own window. */
export function askAll(plan: Plan): AskedCheck[] {
  const gates = [...(plan.preflight === null ? [] : [plan.preflight]), ...plan.stages.map(({ gate }) => gate)];
  const names = new Set([...plan.watch.checks, ...gates.flatMap(({ checks }) => checks)]);
  return checksNamed(plan, [...names]).map((check) => ask(check, 'watch', check.windowMs));
}

/** Every check of the gate, over the stage so far where the check says so. `stageMs`: time since the proven flip. */
export function askGate(plan: Plan, checks: readonly string[], stageMs: number): AskedCheck[] {
  return checksNamed(plan, checks).map((check) => {
    // Whole seconds, rounded down: a window longer than the stage would reach back before the flip.
    const sinceFlip = Math.max(1_000, Math.floor(stageMs / 1_000) * 1_000);
    return ask(check, 'gate', check.gateWindow === 'stage' ? sinceFlip : check.windowMs);
  });
}
