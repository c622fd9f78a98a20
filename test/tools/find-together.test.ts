/** Several processes that look for the same tool at once, and what one that died in the middle leaves. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { fakeMachine, installFakeDebian, type FakeMachine } from '../support/fake-programs.js';

const program = fileURLToPath(new URL('../../tools/find-tools.mjs', import.meta.url));

/** As a user would run it. */
function run({ env, cacheDir }: FakeMachine, ...names: readonly string[]) {
  const child = spawn(process.execPath, [program, ...names], { env: { ...env, HOLDPOINT_CACHE: cacheDir } });
  let [out, talk] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const waiting: { readonly text: string; readonly resolve: () => void }[] = [];
  child.stderr.on('data', (chunk: Buffer) => {
    talk += chunk.toString();
    for (const { text, resolve } of waiting) if (talk.includes(text)) resolve();
  });
  return {
    said: (text: string) => new Promise<void>((resolve) => waiting.push({ text, resolve })),
    ended: once(child, 'close').then(([code]: unknown[]) => ({ code, out, talk })),
    kill: () => child.kill('SIGKILL'),
  };
}

/** Fetches only when the file `go` is there, and notes each fetch in `fetches`. */
async function slowMachine() {
  const machine = await fakeMachine();
  const [go, fetches] = [join(machine.folder, 'go'), join(machine.folder, 'fetches')];
  const first = `fs.appendFileSync(${JSON.stringify(fetches)}, args[0] + '\\n');
while (fs.existsSync(${JSON.stringify(fetches)}) && !fs.existsSync(${JSON.stringify(go)})) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);`;
  await installFakeDebian(machine, { first });
  return { machine, letGo: () => writeFile(go, ''), fetches: () => readFile(fetches, 'utf8') };
}

it('two at once share one fetch; the second says that it waits', async () => {
  const { machine, letGo, fetches } = await slowMachine();
  const both = [run(machine, 'prometheus'), run(machine, 'prometheus', 'promtool')];
  await Promise.race(both.map(({ said }) => said('another process is fetching it; waiting')));
  await letGo();
  const [one, two] = await Promise.all(both.map(({ ended }) => ended));
  expect([one?.code, two?.code]).toEqual([0, 0]);
  expect(await fetches()).toBe('download\n');
  const path = join(machine.cacheDir, 'prometheus', '2.45.3', 'prometheus');
  expect([one, two].map((ended) => ended?.out.split('\n')[0]?.replace('\tcache\t', '\tdownload\t'))).toEqual(
    Array(2).fill(`prometheus\t2.45.3\tdownload\t${path}`),
  );
  expect(await readdir(machine.cacheDir)).toEqual(['prometheus']);
});

it('one that was killed in the middle is taken over at once, and cleared up after', async () => {
  const { machine, letGo, fetches } = await slowMachine();
  const killed = run(machine, 'prometheus');
  await vi.waitFor(fetches, { timeout: 20_000 });
  killed.kill();
  await killed.ended;
  expect((await readdir(machine.cacheDir)).some((name) => name.startsWith('.prometheus-'))).toBe(true);
  await letGo();
  const next = await run(machine, 'prometheus').ended;
  expect(next).toMatchObject({ code: 0, out: expect.stringContaining('\tdownload\t') });
  expect(next.talk).not.toContain('waiting');
  expect((await fetches()).match(/download/g)?.length).toBeGreaterThan(0);
  expect(await readdir(machine.cacheDir)).toEqual(['prometheus']);
});

it('a lock whose process id belongs to another process by now is taken over when nobody touches it', async () => {
  const machine = await fakeMachine();
  await installFakeDebian(machine);
  const lock = join(machine.cacheDir, 'prometheus.lock');
  await mkdir(lock, { recursive: true });
  await writeFile(join(lock, 'pid'), String(process.pid));
  const longAgo = new Date(Date.now() - 3_600_000);
  await utimes(lock, longAgo, longAgo);
  expect(await run(machine, 'prometheus').ended).toMatchObject({ code: 0 });
});

it('a tool nobody knows, and one that cannot be had, end with 1 and a text that says what to do', async () => {
  const machine = await fakeMachine();
  expect(await run(machine, 'grafana').ended).toEqual({
    code: 1,
    out: '',
    talk: 'Unknown tool grafana; known are temporal, temporal-test-server, prometheus, promtool, amtool, postgres, unleash-server.\n',
  });
  const { code, out, talk } = await run(machine, 'prometheus').ended;
  expect([code, out]).toEqual([1, '']);
  expect(talk).toContain('\nprometheus could not be found or fetched.\n');
  expect(talk).toContain('\nor point to it:  HOLDPOINT_PROMETHEUS=/path/to/prometheus\n');
});
