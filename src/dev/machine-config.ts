/** The configuration with which every command works against this machine, also from another terminal. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { MachineFolder } from './machine-folder.js';

export interface MachineAddresses {
  readonly temporalAddress: string;
  readonly namespace: string;
  readonly prometheus: string;
  readonly target: string;
  readonly metricsAddress: string;
  readonly sdkMetricsAddress: string;
}

/** @param smokeSuite - the reporting suite; its copy in the folder has the target's address filled in. */
export async function writeMachineConfig(
  folder: MachineFolder,
  addresses: MachineAddresses,
  smokeSuite: string,
): Promise<void> {
  const { temporalAddress, namespace, prometheus, target, metricsAddress, sdkMetricsAddress } = addresses;
  const suite = await readFile(smokeSuite, 'utf8');
  const suitePath = join(folder.path, 'smoke', 'reporting.yaml');
  // Only where this process started is REPORTING_URL known; a command in another terminal has the file alone.
  await writeFile(suitePath, suite.replaceAll('${REPORTING_URL}', target));
  const config = {
    apiVersion: 'holdpoint/v1',
    kind: 'Config',
    temporal: { address: temporalAddress, namespace },
    flagStores: { local: { kind: 'file', path: folder.flagsPath } },
    metrics: { kind: 'prometheus', url: prometheus, staleAfter: '15s' },
    smoke: { reporting: suitePath },
    channels: { 'release-room': { kind: 'console' } },
    archive: { kind: 'directory', path: folder.archivePath },
    worker: { metricsAddress, sdkMetricsAddress },
  };
  await writeFile(folder.configPath, `# Made anew at each start of: holdpoint dev\n${stringify(config)}`);
}
