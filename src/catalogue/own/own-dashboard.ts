/** What the dashboard of Holdpoint itself asks and shows. */
import { rolloutAnnotations, stepsAround, type DashboardSketch } from '../dashboard/sketch.js';
import { lateness, lateSeconds, ownDashboardUid, slowSeconds } from './own-alerts.js';

const here = 'environment=~"$environment"';
/** Nothing has failed yet, and a worker is there to say so. */
const none = (label: string): string => `label_replace(0 * max(holdpoint_orphans), "${label}", "none", "", "")`;

export const ownDashboard: DashboardSketch = {
  uid: ownDashboardUid,
  title: 'Holdpoint',
  description: 'Rollouts and the workers that run them.',
  variables: [{ name: 'environment', query: 'label_values(holdpoint_rollout_state, environment)', several: true }],
  annotations: rolloutAnnotations(`,${here}`),
  panels: [
    {
      title: 'State',
      description: 'The state each rollout is in; gone a quarter of an hour after it closed.',
      show: 'stat',
      unit: 'short',
      queries: [
        {
          expr: `max by (flag, environment, state) (holdpoint_rollout_state{${here}})`,
          legend: '{{environment}}/{{flag}}: {{state}}',
        },
      ],
      names: true,
      steps: [],
    },
    {
      title: 'Orphans',
      description: 'Flags that are up with no rollout behind them. Nobody watches those.',
      show: 'stat',
      unit: 'short',
      queries: [{ expr: 'max(holdpoint_orphans)', legend: 'orphans' }],
      steps: stepsAround('most', 1, null),
    },
    {
      title: 'Workers',
      description: 'Workers that are seen. Without one nothing is judged and nothing rolls back by itself.',
      show: 'stat',
      unit: 'short',
      queries: [{ expr: 'count(holdpoint_orphans)', legend: 'workers' }],
      steps: stepsAround('least', 1, null),
    },
    {
      title: 'Percent',
      description: 'Share of users who get each flag: as its rollout intends, and as the store was last seen to hold.',
      show: 'trend',
      unit: 'percent',
      queries: [
        {
          expr: `max by (flag, environment, view) (holdpoint_rollout_percent{${here}})`,
          legend: '{{environment}}/{{flag}} {{view}}',
        },
      ],
      ends: 100,
      steps: [],
    },
    {
      title: 'Rollback time',
      description: `From the request until the safe state was written, and until it was proven: all but the slowest of a hundred, since the worker began. Objective: at most ${slowSeconds} s.`,
      show: 'trend',
      unit: 's',
      queries: [
        {
          expr: `histogram_quantile(0.99, sum by (le, phase) (holdpoint_rollback_seconds_bucket{${here}}))`,
          legend: '{{phase}}',
        },
      ],
      steps: stepsAround('most', slowSeconds, null),
    },
    {
      title: 'Verdicts',
      description: 'Verdicts a minute on looks and hold points.',
      show: 'trend',
      unit: 'cpm',
      queries: [{ expr: `sum by (outcome) (rate(holdpoint_verdicts_total{${here}}[5m])) * 60`, legend: '{{outcome}}' }],
      steps: [],
    },
    {
      title: 'Moves',
      description: 'What rollouts did next, a minute, each time that changed.',
      show: 'trend',
      unit: 'cpm',
      queries: [{ expr: `sum by (move) (rate(holdpoint_moves_total{${here}}[5m])) * 60`, legend: '{{move}}' }],
      steps: [],
    },
    {
      title: 'Looks late',
      description: `How late all but the slowest of a hundred looks began. Above ${lateSeconds} s workers are overloaded, or too few.`,
      show: 'trend',
      unit: 's',
      queries: [{ expr: `${lateness} and sum(rate(holdpoint_look_lateness_seconds_count[15m])) > 0`, legend: 'late' }],
      steps: stepsAround('most', lateSeconds, null),
    },
    {
      title: 'Waiting for people',
      description: 'From asking at a hold point until the rollout moved on: half of them, since the worker began.',
      show: 'trend',
      unit: 's',
      queries: [
        {
          expr: 'histogram_quantile(0.5, sum by (le) (holdpoint_human_wait_seconds_bucket)) and sum(holdpoint_human_wait_seconds_count) > 0',
          legend: 'median',
        },
      ],
      steps: [],
    },
    {
      title: 'Outside world that did not answer',
      description: 'Errors a minute of flag stores, metrics source, smoke suites, channels and archive.',
      show: 'trend',
      unit: 'cpm',
      queries: [
        {
          expr: `sum by (adapter) (rate(holdpoint_adapter_errors_total[5m])) * 60 or ${none('adapter')}`,
          legend: '{{adapter}}',
        },
      ],
      steps: [],
    },
    {
      title: 'Failed workflow tasks',
      description: 'A minute. A rollout whose workflow tasks fail moves neither up nor down.',
      show: 'trend',
      unit: 'cpm',
      queries: [
        {
          expr: `sum by (task_queue) (rate(temporal_workflow_task_execution_failed_total[5m])) * 60 or ${none('task_queue')}`,
          legend: '{{task_queue}}',
        },
      ],
      steps: [],
    },
  ],
};
