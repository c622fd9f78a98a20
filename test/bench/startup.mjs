/** How long the command line takes to answer, beside Node doing nothing: in turns, whole processes. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { percentile } from './percentile.mjs';

const runs = 15;
const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const cli = path('dist/src/cli/main.js');

export async function measureStartup() {
  const commands = {
    'node doing nothing': ['-e', '0'],
    'holdpoint --help': [cli, '--help'],
    'holdpoint check': [cli, 'check', path('ops/plans/day0.yaml')],
  };
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let count = 0; count <= runs; count += 1) {
    for (const [name, args] of Object.entries(commands)) {
      const begun = performance.now();
      const { status } = spawnSync(process.execPath, args, { stdio: 'ignore', timeout: 10_000 });
      if (status !== 0) throw new Error(`${name} exited with ${status}`);
      // The first round only warms the disk's cache.
      if (count > 0) times[name].push(performance.now() - begun);
    }
  }
  const bare = percentile(times['node doing nothing'], 0.5);
  return Object.entries(times).flatMap(([name, values]) => {
    const value = percentile(values, 0.5);
    const ours = name.startsWith('holdpoint');
    return [
      { what: `${name}, p50`, value, unit: 'ms', atMost: ours ? 120 : null },
      ...(ours ? [{ what: `${name} ÷ node`, value: value / bare, unit: '×', atMost: null }] : []),
    ];
  });
}
