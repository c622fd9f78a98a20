/** How far another clock may be from ours: samples are judged by their age, and a wait ends by the server's clock. */
import { formatDuration } from '../core/duration.js';
import { ok, warn, wrong, type DoctorLine } from './line.js';

const warnMs = 2_000;
const failMs = 30_000;

export interface ClockReading {
  /** What their clock showed, epoch milliseconds. */
  readonly theirsMs: number;
  /** Ours before and after asking. */
  readonly beforeMs: number;
  readonly afterMs: number;
}

export function judgeClock(about: string, whose: string, { theirsMs, beforeMs, afterMs }: ClockReading): DoctorLine {
  // Anything between the question and the answer is no difference at all.
  const skewMs = theirsMs > afterMs ? theirsMs - afterMs : Math.min(0, theirsMs - beforeMs);
  const off = `${whose} is ${formatDuration(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead of' : 'behind'} this machine's`;
  const todo = 'Set both clocks by a time server, such as with: timedatectl set-ntp true';
  if (Math.abs(skewMs) > failMs) return wrong(about, off, todo);
  if (Math.abs(skewMs) > warnMs) return warn(about, off, todo);
  return ok(about, `${whose} and this machine's agree within ${formatDuration(Math.abs(skewMs) + afterMs - beforeMs)}`);
}
