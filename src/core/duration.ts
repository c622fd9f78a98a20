/** Durations as people write them (`15s`, `10m`, `4h`, `1d`, `800ms`) and as code uses them (milliseconds). */

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const pattern = /^(-?)(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** Milliseconds, or null when the text is not a duration. Only whole milliseconds are durations. */
export function parseDuration(text: string): number | null {
  const match = pattern.exec(text.trim());
  if (match === null) return null;
  const ms = Number(match[2]) * unitMs[match[3] as keyof typeof unitMs];
  if (!Number.isSafeInteger(ms)) return null;
  return match[1] === '-' ? -ms : ms;
}

/** The two largest units that say something: `4 h`, `2 h 10 min`, `45 s`, `800 ms`. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const parts: string[] = [];
  let rest = Math.round(ms / 1_000);
  for (const [seconds, name] of [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const) {
    const count = Math.floor(rest / seconds);
    if (count > 0) parts.push(`${count} ${name}`);
    rest -= count * seconds;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}
