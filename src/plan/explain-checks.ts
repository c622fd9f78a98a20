/** What each check asks, when, and what its limit does. */
import { formatDuration } from '../core/duration.js';
import { formatCount, formatLimit, formatPercent } from '../core/number-text.js';
import type { Check, Plan } from '../core/plan.js';

/** A name, and lines about it. */
export interface ExplainedCheck {
  readonly name: string;
  readonly lines: readonly string[];
}

export const explainChecks = (plan: Plan): ExplainedCheck[] =>
  Object.values(plan.checks).map((check) => ({
    name: check.name,
    lines: [`${check.severity}: ${question(plan, check)}`, asked(plan, check), consequence(plan, check)],
  }));

function question({ watch }: Plan, check: Check): string {
  const { title, name, limit, unit, minEvents } = check;
  const what = title === name ? '' : `${title} `;
  const basis = minEvents === 0 ? '' : `; under ${formatCount(minEvents)} events it cannot tell`;
  const onlyStage = check.gateWindow === 'stage' && !watch.checks.includes(name);
  return `${what}${formatLimit(limit, unit)}${onlyStage ? '' : over(check)}${basis}.`;
}

const over = ({ windowMs }: Check): string => (windowMs === 0 ? ' at one instant' : ` in ${formatDuration(windowMs)}`);

function asked({ watch, stages }: Plan, { name, everyMs, gateWindow, severity }: Check): string {
  const watched = watch.checks.includes(name);
  const guarded = severity === 'rollback' ? `, every ${formatDuration(watch.guardMs)} by the guard` : '';
  const gates = stages.filter(({ gate }) => gate.checks.includes(name)).map(({ percent }) => formatPercent(percent));
  const where = gates.length === stages.length ? 'every hold point' : `the hold points of ${gates.join(', ')}`;
  const span = gateWindow === 'stage' ? ' over the whole stage' : '';
  const parts = [
    ...(watched ? [`every ${formatDuration(everyMs)} in a look${guarded}`] : []),
    ...(gates.length > 0 ? [`at ${where}${span}`] : []),
  ];
  return `Asked ${parts.join('; ') || 'never'}.`;
}

function consequence({ watch }: Plan, { name, severity, consecutive, overlapMs }: Check): string {
  switch (severity) {
    case 'rollback': {
      if (!watch.checks.includes(name)) return 'A failure at a hold point blocks the way up and asks.';
      const lasting = formatDuration((consecutive - 1) * overlapMs);
      return consecutive === 1
        ? 'One failing window rolls back at once. A failure at a hold point blocks the way up.'
        : `${consecutive} failing windows in a row roll back at once, ${lasting} after the first. A failure at a hold point blocks the way up.`;
    }
    case 'block':
      return 'A failure is announced; at a hold point it blocks the way up and asks.';
    case 'warn':
      return 'A failure is shown and announced; it stops nothing.';
    case 'observe':
      return 'A failure is recorded only.';
  }
}
