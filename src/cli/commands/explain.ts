/** `holdpoint explain`: the plan's day, hour by hour. */
import { type Command, InvalidArgumentError } from 'commander';
import { iso } from '../../core/instant.js';
import type { Plan } from '../../core/plan.js';
import type { DayDetail, PlanDay } from '../../plan/plan-day.js';
import { openPlan } from '../open-plan.js';
import { withJson } from '../options.js';
import type { Program } from '../program.js';

interface ExplainOptions {
  readonly json?: boolean;
  /** ISO instant. */
  readonly startsAt?: string;
  readonly timeZone: string;
}

export function addExplain({ terminal }: Program, command: Command): void {
  withJson(command)
    .argument('<plan>', 'plan file, YAML or JSON')
    .option('--starts-at <instant>', 'as if it were started then (default: the next full minute)', instant)
    .option('--time-zone <zone>', 'shown beside UTC', timeZone, Intl.DateTimeFormat().resolvedOptions().timeZone)
    .action(async (path: string, options: ExplainOptions) => {
      const { plan } = await openPlan(terminal, path);
      const startsAt = options.startsAt ?? iso(Math.ceil(Date.now() / 60_000) * 60_000);
      if (options.json === true) {
        const startMs = Math.max(Date.parse(startsAt), Date.parse(plan.startAt ?? startsAt));
        const { planDay } = await import('../../plan/plan-day.js');
        terminal.data(JSON.stringify(toJson(plan, planDay(plan, startMs)), null, 2));
        return;
      }
      const { explainPlan } = await import('../../plan/explain-plan.js');
      terminal.data(explainPlan(plan, { timeZone: options.timeZone, startsAt }).trimEnd());
    });
}

/** The same day with ISO instants. */
function toJson({ name, digest }: Plan, { entries, endMs, latestEndMs, deadlineMs }: PlanDay): object {
  return {
    plan: name,
    digest,
    entries: entries.map(({ atMs, what, details }) => ({ at: iso(atMs), what, details: details.map(spell) })),
    endsAt: iso(endMs),
    latestEndAt: iso(latestEndMs),
    deadlineAt: iso(deadlineMs),
  };
}

const spell = ({ text, untilMs, after = '' }: DayDetail): string =>
  untilMs === undefined ? text : `${text}${iso(untilMs)}${after}`;

function instant(text: string): string {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new InvalidArgumentError('Write an instant, such as 2026-12-01T08:00:00Z.');
  return iso(ms);
}

function timeZone(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError('Write a time zone, such as Europe/Berlin.');
  }
}
