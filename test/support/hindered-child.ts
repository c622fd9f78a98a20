/** The parent's side of `children/hindered-writer.ts`. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { HinderedNews, HinderedOrder } from './children/hindered-writer.js';

const run = promisify(execFile);

/** @param blocks - of 512 or 1,024 bytes, as the shell counts: no file may grow beyond so many. */
export async function tryHindered(program: string, order: HinderedOrder, blocks?: number): Promise<HinderedNews> {
  const limit = blocks === undefined ? '' : `ulimit -f ${blocks} && `;
  const args = ['-c', `${limit}exec "$0" "$@"`, process.execPath, program, JSON.stringify(order)];
  const { stdout } = await run('sh', args);
  return JSON.parse(stdout) as HinderedNews;
}
