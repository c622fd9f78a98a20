/** The demo's target service as a process of its own. */
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { holdScript, type HeldProcess } from './held-process.js';
import type { MachineFolder } from './machine-folder.js';
import { waitUntilReady } from './ready-process.js';

export interface TargetProcess {
  readonly process: HeldProcess;
  readonly url: string;
}

export async function startTarget(folder: MachineFolder): Promise<TargetProcess> {
  const script = fileURLToPath(new URL('../demo/target/main.js', import.meta.url));
  const child = await holdScript({
    name: 'The target service',
    args: [script, '--flags', folder.flagsPath, '--port', '0', '--lifeline'],
    logPath: folder.logPath('target'),
    readsStdout: true,
  });
  let url = '';
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).once('line', (line) => {
      ({ url } = JSON.parse(line) as { url: string });
    });
  }
  await waitUntilReady(child, () => Promise.resolve(url !== ''));
  return { process: child, url };
}
