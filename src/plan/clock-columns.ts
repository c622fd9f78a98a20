/** Instants in UTC and in one other time zone, side by side. */

export interface ClockColumns {
  readonly head: string;
  /** As wide as the head. */
  readonly at: (ms: number) => string;
  /** Within a sentence. */
  readonly within: (ms: number) => string;
}

/** @throws RangeError for a time zone this machine does not know. */
export function clockColumns(timeZone: string, instants: readonly number[]): ClockColumns {
  const zones = timeZone === 'UTC' ? ['UTC'] : ['UTC', timeZone];
  const seconds = instants.some((ms) => ms % 60_000 !== 0);
  const clocks = zones.map((zone) => clockOf(zone, seconds));
  const width = Math.max(...zones.map((zone) => zone.length), seconds ? 19 : 16) + 2;
  const row = (cells: readonly string[]): string => cells.map((cell) => cell.padEnd(width)).join('');
  return {
    head: row(zones),
    at: (ms) => row(clocks.map((clock) => clock(ms))),
    within: (ms) => `${clocks[0]?.(ms) ?? ''} UTC`,
  };
}

/** `2026-12-01 09:00`. From parts: whole formatted texts differ from one Node version to the next. */
function clockOf(timeZone: string, seconds: boolean): (ms: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return (ms) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
    const time = `${part('hour')}:${part('minute')}${seconds ? `:${part('second')}` : ''}`;
    return `${part('year')}-${part('month')}-${part('day')} ${time}`;
  };
}
