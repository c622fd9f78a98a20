/** The proof of a rollback, and how long it took. */
import { formatDuration } from '../../core/duration.js';
import { formatInstant } from '../../core/instant.js';
import { formatPercent } from '../../core/number-text.js';
import type { RollbackAnswer } from '../../core/rollout-shapes.js';
import type { Paint } from '../terminal.js';

export interface ReceiptView {
  /** `<environment>/<flag key>` */
  readonly name: string;
  readonly answer: RollbackAnswer;
  /** Null when the flag had been taken back before. */
  readonly tookMs: number | null;
  /** A line of its own when the way was not the usual one. */
  readonly note?: string;
}

export function renderReceipt({ name, answer, tookMs, note }: ReceiptView, paint: Paint): string {
  const took = tookMs === null ? '' : `, ${tookMs < 10_000 ? `${tookMs} ms` : formatDuration(tookMs)} after you asked`;
  const lines = note === undefined ? [] : [note];
  if (!answer.written) return [`${paint.bold(name)}  nothing was written. ${answer.reason}`, ...lines].join('\n');
  const { state, percent, fence, writtenAt, provenAt, by, reason } = answer;
  return [
    `${paint.bold(name)}  ${paint.green(`at ${formatPercent(percent)}, ${state}`)}${took}`,
    `  written ${formatInstant(writtenAt)}, ${provenAt === undefined ? 'not read back yet' : `read back ${formatInstant(provenAt)}`}, fence ${fence}`,
    `  asked by ${by}: ${reason}`,
    ...lines,
  ].join('\n');
}
