/** Memory and processor time of processes, from /proc: Linux only, elsewhere there is nothing to show. */
import { readFile } from 'node:fs/promises';

const ticksPerSecond = 100;
const everyMs = 1_000;

/** Watches until it is asked. Several processes count as one. @param {() => Promise<number[]>} pidsNow */
export async function watchUsage(pidsNow) {
  let peakMib = 0;
  const over = async (measure) => sum(await Promise.all((await pidsNow()).map(measure)));
  const look = async () => {
    peakMib = Math.max(peakMib, await over(residentMib));
  };
  const timer = setInterval(() => void look(), everyMs);
  const startedAt = performance.now();
  const before = await over(processorSeconds);
  return {
    /** `cores`: processor time by time, 1 is one core all the time. */
    end: async () => {
      clearInterval(timer);
      await look();
      const used = (await over(processorSeconds)) - before;
      return { peakMib, cores: used / ((performance.now() - startedAt) / 1_000) };
    },
  };
}

const sum = (values) => values.reduce((total, value) => total + value, 0);

async function residentMib(pid) {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) / 1_024;
}

async function processorSeconds(pid) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // Behind the command's closing bracket: user and system time are the 14th and 15th field.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond;
}
