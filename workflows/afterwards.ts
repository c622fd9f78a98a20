/** After the bake: the flag stays where it is, people attest what is left to do, and it can still be taken back. */
import { condition } from '@temporalio/workflow';
import { formatClock } from '../src/core/instant.js';
import { formatPercent } from '../src/core/number-text.js';
import { summaryText } from '../src/core/summary-text.js';
import { comeToRest, historyIsLong, whenMayBeLong } from './carrying.js';
import type { Ending } from './ending.js';
import { nextDueMs, tellLate } from './lateness.js';
import { enterState } from './present.js';
import { freshGate, type Run } from './run.js';
import { tell } from './tell.js';
import { missingItems } from './view.js';

/** Ends when everything is attested, or when all that is not was due. */
export async function attendAfterwards(run: Run): Promise<Ending> {
  if (run.afterSinceMs === null) begin(run);
  for (;;) {
    tellLate(run);
    const seen = run.news;
    const mayBeLong = whenMayBeLong(run);
    const missing = missingItems(run).map(({ title }) => title);
    const dueMs = nextDueMs(run);
    if (missing.length === 0 || dueMs === null) return completed(missing);
    const sentence = `The bake is over and everything passes. To attest: ${missing.join('; ')}.`;
    run.move = { kind: 'ask', row: 'people', sentence, atMs: dueMs };
    enterState(run, 'asking');
    await condition(() => run.news !== seen || mayBeLong(), Math.max(1, dueMs - Date.now()), {
      summary: summaryText(sentence),
    });
    if (historyIsLong(run)) {
      await comeToRest(run);
      return { kind: 'to-be-continued' };
    }
  }
}

function begin(run: Run): void {
  run.afterSinceMs = Date.now();
  run.gate = freshGate();
  const missing = missingItems(run);
  if (missing.length === 0) return;
  const dueMs = nextDueMs(run);
  tell(run, 'asked', {
    what: `${run.plan.flag.key} stays at ${formatPercent(run.intended)}. Left to attest: ${missing.map(({ title }) => title).join('; ')}.`,
    next: dueMs === null ? '' : `Due ${formatClock(dueMs, Date.now())}.`,
    who: missing.flatMap(({ role }) => role ?? []),
  });
}

const completed = (missing: readonly string[]): Ending => ({
  kind: 'completed',
  reason: `The bake is over and everything passes.${missing.length === 0 ? '' : ` Not attested: ${missing.join('; ')}.`}`,
});
