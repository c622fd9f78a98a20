/** Prometheus, scraping this machine's target and worker each second. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { findTool } from '#tools/find-tools.mjs';
import { withFreePorts } from './free-ports.js';
import { holdProgram, type HeldProcess } from './held-process.js';
import type { MachineFolder } from './machine-folder.js';
import { waitUntilReady } from './ready-process.js';

export interface PrometheusServer {
  readonly process: HeldProcess;
  readonly url: string;
}

export interface ScrapeJob {
  readonly name: string;
  /** `host:port`, with a `/metrics` page. */
  readonly address: string;
}

export async function startPrometheus(
  folder: MachineFolder,
  jobs: readonly ScrapeJob[],
  onProgress: (line: string) => void,
): Promise<PrometheusServer> {
  const { path } = await findTool('prometheus', { onProgress });
  const configPath = join(folder.path, 'prometheus.yml');
  await writeFile(
    configPath,
    stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s' },
      scrape_configs: jobs.map(({ name, address }) => ({
        job_name: name,
        static_configs: [{ targets: [address] }],
      })),
    }),
  );
  return withFreePorts(1, async ([port]) => {
    const url = `http://127.0.0.1:${port}`;
    const child = await holdProgram({
      name: 'Prometheus',
      path,
      args: [
        `--config.file=${configPath}`,
        `--storage.tsdb.path=${join(folder.path, 'prometheus')}`,
        '--storage.tsdb.retention.time=7d',
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=warn',
      ],
      logPath: folder.logPath('prometheus'),
    });
    await waitUntilReady(child, async () => (await fetch(`${url}/-/ready`)).ok);
    return { process: child, url };
  });
}

/** Two scrapes are what a rate needs. Prometheus takes five seconds to begin with the first. */
const scrapesWanted = 2;

/** Waits until a job's numbers can be asked for. */
export async function waitUntilScraped({ process: child, url }: PrometheusServer, job: string): Promise<void> {
  const query = encodeURIComponent(`min(sum_over_time(up{job="${job}"}[1m])) >= ${scrapesWanted}`);
  await waitUntilReady(child, async () => {
    const reply = await fetch(`${url}/api/v1/query?query=${query}`);
    const { data } = (await reply.json()) as { data?: { result?: readonly unknown[] } };
    return data?.result?.length === 1;
  });
}
