/**
 * Writers of one process take turns before they take the lock, a rollback first: a hundred of them at the lock would
 * leave it to chance who is next. Who waits too long goes on without a turn; the lock is what keeps writes apart.
 */

interface Waiting {
  readonly first: boolean;
  readonly go: () => void;
}

/** Who waits at each document; an empty list: somebody has the turn, nobody waits. */
const lines = new Map<string, Waiting[]>();

export interface TurnOptions {
  /** Before everybody who is not. */
  readonly first: boolean;
  readonly patienceMs: number;
}

/** Resolves when it is the caller's turn, with what ends it; with null when patience is over. */
export async function takeTurn(name: string, { first, patienceMs }: TurnOptions): Promise<(() => void) | null> {
  const line = lines.get(name);
  if (line === undefined) {
    lines.set(name, []);
    return () => passOn(name);
  }
  return new Promise((resolve) => {
    const me: Waiting = {
      first,
      go: () => {
        clearTimeout(timer);
        resolve(() => passOn(name));
      },
    };
    const timer = setTimeout(() => {
      line.splice(line.indexOf(me), 1);
      resolve(null);
    }, patienceMs);
    const behind = first ? line.findIndex((other) => !other.first) : -1;
    line.splice(behind === -1 ? line.length : behind, 0, me);
  });
}

function passOn(name: string): void {
  const next = lines.get(name)?.shift();
  if (next === undefined) lines.delete(name);
  else next.go();
}
