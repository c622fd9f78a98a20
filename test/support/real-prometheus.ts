/** A real Prometheus that scrapes one target every second. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findTool } from '#tools/find-tools.mjs';
import { freePort } from './free-port.js';

interface MoreToDo {
  readonly targets?: readonly string[];
  readonly rules?: Readonly<Record<string, string>>;
}

export interface RealPrometheus {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * @param target - `host:port` with a `/metrics` page.
 * @param more - others, and files of rules by name, evaluated as often as they say.
 */
export async function openRealPrometheus(target: string, more: MoreToDo = {}): Promise<RealPrometheus> {
  const { targets = [], rules = {} } = more;
  const { path } = await findTool('prometheus', { onProgress: (line) => console.error(line) });
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-prometheus-'));
  await writeFile(
    join(folder, 'prometheus.yml'),
    JSON.stringify({
      global: { scrape_interval: '1s' },
      rule_files: Object.keys(rules).map((name) => join(folder, name)),
      scrape_configs: [{ job_name: 'target', static_configs: [{ targets: [target, ...targets] }] }],
    }),
  );
  for (const [name, text] of Object.entries(rules)) await writeFile(join(folder, name), text);
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    path,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(child, 'exit');
  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line);
    if (line.includes('Server is ready')) {
      child.stderr.resume();
      return { url: `http://${address}`, close };
    }
  }
  await close();
  throw new Error(`Prometheus ended before it was ready:\n${lines.slice(-5).join('\n')}`);
}
