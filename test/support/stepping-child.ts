/** The parent's side of `children/stepping-writer.ts`. */
import { fork, type ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
import type { SteppingNews, SteppingOrder } from './children/stepping-writer.js';

export interface SteppingChild {
  /** Where it stands; null: killed. */
  news(): Promise<SteppingNews | null>;
  goOn(): void;
}

export function startStepping(program: string, order: SteppingOrder): SteppingChild {
  const child: ChildProcess = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const inbox = on(child, 'message', { close: ['exit'] });
  child.send(order);
  return {
    news: async () => {
      const next = await inbox.next();
      const [news] = next.done === true ? [null] : (next.value as [SteppingNews]);
      if (news?.kind === 'waiting') return news;
      const [code, signal] = await ended;
      if (news === null && signal !== 'SIGKILL') throw new Error(`the writer ended with ${signal ?? code}`);
      return news;
    },
    goOn: () => child.send('go on'),
  };
}
