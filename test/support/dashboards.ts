/** The dashboards that are committed, and what they ask of Prometheus. */
import { readFile } from 'node:fs/promises';

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly fieldConfig: {
    readonly defaults: {
      readonly unit?: string;
      readonly min?: number;
      readonly max?: number;
      readonly thresholds?: { readonly steps: readonly Step[] };
    };
  };
  readonly options: { readonly legend?: { readonly showLegend?: boolean } };
  readonly targets: readonly Target[];
}
interface Step {
  readonly value: number | null;
  readonly color: string;
}
interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  readonly datasource: { readonly uid: string };
}
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly refresh: string;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly definition?: string }[];
  };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string }[] };
}

export const dashboardNames = ['reporting', 'holdpoint'] as const;

export const readDashboard = async (name: (typeof dashboardNames)[number]): Promise<Dashboard> =>
  JSON.parse(await readFile(`ops/grafana/${name}.json`, 'utf8')) as Dashboard;

/** As Grafana fills variables in. */
export const chosen = (expr: string, values: Readonly<Record<string, string>>): string =>
  expr.replaceAll(/\$(\w+)/g, (whole, name: string) => values[name] ?? whole);

/** Every query of it: what it is for, and its text. */
export const queriesOf = ({ panels, annotations }: Dashboard): [what: string, expr: string][] => [
  ...panels.flatMap(({ title, targets }) =>
    targets.map(({ expr, refId }): [string, string] => [`${title} ${refId}`, expr]),
  ),
  ...annotations.list.map(({ name, expr }): [string, string] => [`annotation ${name}`, expr]),
];
