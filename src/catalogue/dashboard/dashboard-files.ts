/** Catalogue → every file that Grafana loads: the service's dashboard, Holdpoint's own, and how it finds them. */
import { basename } from 'node:path';
import type { Catalogue } from '../catalogue.js';
import { ownDashboard } from '../own/own-dashboard.js';
import type { RenderedFile } from '../rules/rule-files.js';
import { renderYaml } from '../rules/render-rules.js';
import { renderDashboard } from './render-dashboard.js';
import { serviceDashboard } from './service-dashboard.js';

/** @param catalogueFile - gives the service's dashboard its name. */
export function dashboardFiles(catalogue: Catalogue, catalogueFile: string): RenderedFile[] {
  const stem = basename(catalogueFile).replace(/\.[^.]*$/, '');
  const sketch = serviceDashboard(catalogue);
  return [
    ...(sketch === null ? [] : [{ path: `${stem}.json`, text: renderDashboard(sketch) }]),
    { path: 'holdpoint.json', text: renderDashboard(ownDashboard) },
    { path: 'provisioning/datasources/prometheus.yaml', text: renderYaml(made, datasources) },
    { path: 'provisioning/dashboards/holdpoint.yaml', text: renderYaml(made, dashboards) },
  ];
}

const made = 'Made by `holdpoint dashboard render`. Mount this folder at /etc/grafana/provisioning.';

const datasources = {
  apiVersion: 1,
  datasources: [
    // Grafana fills the variable in from its own environment.
    { name: 'Prometheus', type: 'prometheus', access: 'proxy', url: '$PROMETHEUS_URL', isDefault: true },
  ],
};

const dashboards = {
  apiVersion: 1,
  providers: [
    {
      name: 'holdpoint',
      folder: 'Holdpoint',
      type: 'file',
      allowUiUpdates: false,
      // The folder with the JSON files.
      options: { path: '/var/lib/grafana/dashboards' },
    },
  ],
};
