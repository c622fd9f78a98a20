/** A dashboard before it is Grafana's: what is asked, how it is shown, where its lines are. */
import type { PanelFile } from '../catalogue.js';

export interface DashboardSketch {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** In the order in which they are chosen: each may ask for those before it. */
  readonly variables: readonly VariableSketch[];
  readonly panels: readonly PanelSketch[];
  readonly annotations: readonly AnnotationSketch[];
}

export interface VariableSketch {
  readonly name: string;
  /** `label_values(metric, label)`. */
  readonly query: string;
  /** Several at once, all of them at first. */
  readonly several: boolean;
}

export interface PanelSketch {
  readonly title: string;
  readonly description: string;
  readonly show: PanelFile['show'];
  /** As Grafana calls it. */
  readonly unit: Unit;
  readonly queries: readonly { readonly expr: string; readonly legend: string }[];
  /** Where colours change, upwards; the first is from the bottom on. */
  readonly steps: readonly Step[];
  /** Where its axis ends, whatever the numbers: a share is never above 1. Left out: where they do. */
  readonly ends?: number;
  /** Of a stat: what its series are called is the answer, not their number. */
  readonly names?: boolean;
}

export type Unit = 'percentunit' | 'percent' | 's' | 'cpm' | 'cps' | 'short';

export interface Step {
  /** Null: from the bottom. */
  readonly from: number | null;
  readonly colour: 'green' | 'orange' | 'red';
}

export interface AnnotationSketch {
  readonly name: string;
  readonly expr: string;
  readonly title: string;
  readonly colour: 'blue' | 'red';
}

/** A limit that something may not fall below, or rise above; `worse` is where people are woken up. */
export function stepsAround(side: 'least' | 'most', value: number, worse: number | null): Step[] {
  if (side === 'least')
    return [
      { from: null, colour: 'red' },
      ...(worse !== null && worse < value ? [{ from: worse, colour: 'orange' } as const] : []),
      { from: value, colour: 'green' },
    ];
  return [
    { from: null, colour: 'green' },
    ...(worse !== null && worse > value ? [{ from: value, colour: 'orange' } as const] : []),
    { from: worse !== null && worse > value ? worse : value, colour: 'red' },
  ];
}

/** Each change of a flag's percent, and each rollback, wherever numbers are looked at. */
export function rolloutAnnotations(environment: string): AnnotationSketch[] {
  const percent = `holdpoint_rollout_percent{view="observed"${environment}}`;
  return [
    {
      name: 'Rollout',
      expr: `count_values by (flag) ("percent", ${percent} and changes(${percent}[1m]) > 0)`,
      title: '{{flag}}: {{percent}} %',
      colour: 'blue',
    },
    {
      name: 'Rolled back',
      expr: `max by (flag) (holdpoint_rollout_state{state=~"rolling-back|rolled-back|needs-a-human"${environment}}) == 1`,
      title: '{{flag}}: rolled back',
      colour: 'red',
    },
  ];
}
