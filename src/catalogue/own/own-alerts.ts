/** Alerts on Holdpoint itself: what a worker shows, and what should page somebody about it. Each number stands here, once. */
import type { Catalogue } from '../catalogue.js';
import { links, type AlertRule } from '../rules/alert-rules.js';

/** The longest a rollback should take until it is proven; a bound of `holdpoint_rollback_seconds`. */
export const slowSeconds = 120;
/** Looks this late say that workers are too few. */
export const lateSeconds = 60;
const adapterErrors = 5;
const taskFailures = 3;

const byFlag = 'by (flag, environment)';
const rolledBack = (suffix: string): string => `sum ${byFlag} (holdpoint_rollback_seconds_${suffix})`;
// Newer servers spell a bound 120.0.
const slow = `${rolledBack('count{phase="proven"}')} - ${rolledBack(`bucket{phase="proven",le=~"${slowSeconds}(\\\\.0)?"}`)}`;
const slowBefore = slow.replaceAll('})', '} offset 15m)');

export const lateness = 'histogram_quantile(0.99, sum by (le) (rate(holdpoint_look_lateness_seconds_bucket[15m])))';

interface OwnAlert {
  readonly name: string;
  readonly severity: 'page' | 'ticket';
  readonly for: string;
  readonly expr: string;
  readonly summary: string;
  readonly description: string;
}

const whose = '{{ $labels.environment }}/{{ $labels.flag }}';

export const ownAlerts: readonly OwnAlert[] = [
  {
    name: 'HoldpointNeedsHuman',
    severity: 'page',
    for: '0s',
    expr: `max ${byFlag} (holdpoint_rollout_state{state="needs-a-human"}) == 1`,
    summary: `The rollback of ${whose} is not proven and needs a person`,
    description: 'The flag may still be up. It goes on trying.',
  },
  {
    name: 'HoldpointRollbackUnproven',
    severity: 'page',
    for: `${slowSeconds}s`,
    expr: `max ${byFlag} (holdpoint_rollout_state{state="rolling-back"}) == 1`,
    summary: `The rollback of ${whose} has taken ${slowSeconds} s and is not over`,
    description: 'The flag may still be up.',
  },
  {
    name: 'HoldpointRollbackSlow',
    severity: 'ticket',
    for: '0s',
    // A worker's first rollback makes the series: what was not there before was 0.
    expr: `${slow} > ((${slowBefore}) or 0 * (${slow}))`,
    summary: `A rollback of ${whose} took more than ${slowSeconds} s until it was proven`,
    description: 'The flag is safe. Look at the report for where the time went.',
  },
  {
    name: 'HoldpointFlagAboveIntended',
    severity: 'page',
    for: '1m',
    expr: 'holdpoint_rollout_percent{view="observed"} > on (flag, environment, instance) holdpoint_rollout_percent{view="intended"}',
    summary: `${whose} is at {{ $value }} %, more than its rollout wants`,
    description: 'Somebody else has moved the flag, or a write did not land.',
  },
  {
    name: 'HoldpointOrphan',
    severity: 'page',
    for: '0s',
    expr: 'max(holdpoint_orphans) > 0',
    summary: '{{ $value }} flags are up with no rollout behind them',
    description: 'Nobody watches those. The log of a worker has the command that takes each back.',
  },
  {
    name: 'HoldpointWorkerMissing',
    severity: 'page',
    for: '2m',
    expr: 'absent(holdpoint_orphans)',
    summary: 'No worker is seen',
    description: 'Without a worker nothing is judged and nothing rolls back by itself. Break-glass works.',
  },
  {
    name: 'HoldpointWorkflowTaskFailures',
    severity: 'page',
    for: '0s',
    expr: `sum by (task_queue) (increase(temporal_workflow_task_execution_failed_total[10m])) > ${taskFailures}`,
    summary: 'Workflow tasks on {{ $labels.task_queue }} fail again and again',
    description: 'A rollout there does not move, neither up nor down. Break-glass works.',
  },
  {
    name: 'HoldpointLooksLate',
    severity: 'ticket',
    for: '5m',
    expr: `${lateness} > ${lateSeconds}`,
    summary: 'Looks begin {{ $value | humanizeDuration }} late',
    description: 'Workers are overloaded, or too few.',
  },
  {
    name: 'HoldpointAdapterErrors',
    severity: 'ticket',
    for: '5m',
    expr: `sum by (adapter) (increase(holdpoint_adapter_errors_total[10m])) > ${adapterErrors}`,
    summary: '{{ $labels.adapter }} does not answer as it should',
    description:
      'Something that rollouts need: a flag store, the metrics source, a smoke suite, a channel, the archive.',
  },
];

export const ownDashboardUid = 'holdpoint';

/** @param catalogue - for where its alerts send people. */
export const ownAlertRules = ({ links: bases }: Catalogue): AlertRule[] =>
  ownAlerts.map(({ name, severity, for: lasting, expr, summary, description }) => ({
    alert: name,
    expr,
    for: lasting,
    labels: { severity },
    annotations: {
      summary,
      description,
      ...links({ links: bases, dashboard: { uid: ownDashboardUid }, labels: [] }, name),
    },
  }));
