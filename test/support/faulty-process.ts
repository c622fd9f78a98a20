/** What a process is started with so that faults happen in it: see `children/failpoints.ts`. */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compiled } from './compiled.js';
import { parseFaults } from './failpoints.js';

export interface FaultyPlace {
  readonly env: Readonly<Record<string, string>>;
}

export interface FaultFile extends FaultyPlace {
  /** From now on, in every process of this place; an empty text ends all faults. */
  order(faults: string): Promise<void>;
  /** Settles once that point was hit so often, in all processes of this place together. */
  hit(point: string, times?: number): Promise<void>;
}

const children = 'test/support/children';

/** Called at the top of a test file. */
export function faultyProcesses() {
  const hook = compiled(`${children}/failpoints.ts`, `${children}/adapter-loader.ts`, `${children}/faulty-open.ts`);
  const clock = compiled(`${children}/shifted-clock.ts`);
  const load = (path: string): string => `--import ${pathToFileURL(path).href}`;
  return {
    /** Orders that never change. */
    withFaults: (faults: string): FaultyPlace => {
      parseFaults(faults);
      return { env: { NODE_OPTIONS: load(hook()), HOLDPOINT_TEST_FAILPOINTS: faults } };
    },
    withFaultFile: async (folder: string): Promise<FaultFile> => {
      const file = join(folder, 'faults');
      await writeFile(file, '');
      await appendFile(`${file}.hits`, '');
      return {
        env: { NODE_OPTIONS: load(hook()), HOLDPOINT_TEST_FAILPOINTS: `@${file}` },
        order: async (faults) => {
          parseFaults(faults);
          await writeFile(`${file}.hits`, '');
          await writeFile(file, faults);
        },
        hit: async (point, times = 1) => {
          const hits = async (): Promise<number> =>
            (await readFile(`${file}.hits`, 'utf8')).split('\n').filter((line) => line === point).length;
          while ((await hits()) < times) await new Promise((resolve) => setTimeout(resolve, 20));
        },
      };
    },
    withClock: (shiftMs: number): FaultyPlace => ({
      env: { NODE_OPTIONS: load(clock()), HOLDPOINT_TEST_CLOCK_SHIFT_MS: String(shiftMs) },
    }),
  };
}
