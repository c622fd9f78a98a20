/** Who has been heard of lately: a session is online while its user asks things, and offline once it falls silent. */

export interface Sessions {
  heard(user: string): void;
  count(): { readonly online: number; readonly offline: number };
}

const silentAfterMs = 30_000;
const forgottenAfterMs = 10 * 60_000;
const mostSessions = 10_000;

/** @param nowMs - the clock, in milliseconds. */
export function openSessions(nowMs: () => number): Sessions {
  /** Oldest first: who is heard of again moves to the end. */
  const lastHeardMs = new Map<string, number>();
  const forget = (): void => {
    for (const [user, heardMs] of lastHeardMs) {
      if (lastHeardMs.size <= mostSessions && nowMs() - heardMs < forgottenAfterMs) return;
      lastHeardMs.delete(user);
    }
  };
  return {
    heard: (user) => {
      if (user === '') return;
      lastHeardMs.delete(user);
      lastHeardMs.set(user, nowMs());
      if (lastHeardMs.size > mostSessions) forget();
    },
    count: () => {
      forget();
      const online = [...lastHeardMs.values()].filter((heardMs) => nowMs() - heardMs < silentAfterMs).length;
      return { online, offline: lastHeardMs.size - online };
    },
  };
}
