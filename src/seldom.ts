/** Says the same thing only now and then: trouble that repeats each second must not bury what came before it. */

/** True when `key` was not let through within the last `everyMs`. */
export function seldom(everyMs: number, now: () => number = Date.now): (key: string) => boolean {
  const last = new Map<string, number>();
  return (key) => {
    const at = now();
    if (at - (last.get(key) ?? Number.NEGATIVE_INFINITY) < everyMs) return false;
    last.set(key, at);
    return true;
  };
}
