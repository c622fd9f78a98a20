/** The one way back: write the safe state first, prove it, then tell people. Armed from the claim on. */
import { CancellationScope, condition, sleep } from '@temporalio/workflow';
import type { SafeStateAnswer } from '../activities/facts.js';
import type { WriteOutcome } from '../src/adapters/flags/flag-store.js';
import { isBreakGlass, type Receipt } from '../src/core/flag-record.js';
import { iso } from '../src/core/instant.js';
import type { ClosingEnding } from './ending.js';
import { isNotConfigured, rollbackForever, rollbackTwice } from './activity-proxies.js';
import { adopt } from './adopt-break-glass.js';
import { safeStateOf } from './claim.js';
import { rootMessage } from './root-message.js';
import { isRevert } from '../src/core/revert.js';
import { openReview } from './open-review.js';
import { enterState } from './present.js';
import { flagLabels, telemetry } from './telemetry.js';
import type { RollbackAnswer } from '../src/core/rollout-shapes.js';
import { record } from './recording.js';
import type { RollbackRequest, Run } from './run.js';
import { tell } from './tell.js';

/** First one wins; every later request gets the same receipt. */
export function askRollback(run: Run, request: Omit<RollbackRequest, 'atMs'>): void {
  if (run.rollback !== null) return;
  run.rollback = { ...request, atMs: Date.now() };
  run.scope.cancel();
}

/** Never gives up, cannot be cancelled, waits for nobody. */
export async function rollBack(run: Run): Promise<ClosingEnding> {
  const request = run.rollback ?? { by: 'holdpoint', reason: run.move.sentence, asked: 'automatic', atMs: Date.now() };
  run.rollback = request;
  if (run.claim === 'none') return answerUnwritten(run, request, 'The flag was not claimed yet; nothing was written.');
  return CancellationScope.nonCancellable(() => writeAndProve(run, request));
}

async function writeAndProve(run: Run, request: RollbackRequest): Promise<ClosingEnding> {
  const outcome = await writeUntilTaken(run, request);
  if (outcome === 'no-such-store') {
    return refuse(run, request, `No worker here has the flag store ${run.plan.flag.store}. Nothing was written.`);
  }
  if (outcome.kind === 'refused') return handleRefusal(run, request, outcome);
  run.fence = outcome.receipt.fence;
  const receipt = await proveUntilProven(run, request, outcome);
  if (outcome.record.breakGlass !== null) openReview(run, outcome.record.breakGlass);
  return answerWritten(run, request, receipt);
}

const inputOf = (run: Run, { by, reason, asked }: RollbackRequest) => ({
  store: run.plan.flag.store,
  key: run.plan.flag.key,
  owner: run.owner,
  safeState: isRevert(run.plan) ? null : safeStateOf(run),
  fence: run.fence,
  // Before the claim is known to have landed the flag may be somebody else's: then only ours may be written.
  asked: run.claim === 'held' ? asked : ('automatic' as const),
  by,
  reason,
});

async function writeUntilTaken(run: Run, request: RollbackRequest): Promise<SafeStateAnswer | 'no-such-store'> {
  const input = inputOf(run, request);
  run.move = { kind: 'roll-back', row: 'rollback-asked', sentence: request.reason };
  const first = rollbackTwice(`back to 0 %: ${request.reason}`).writeSafeState(input);
  enterState(run, 'rolling-back');
  try {
    return await first;
  } catch (error) {
    // A revert started with a mistyped store would stand in the way of the next, right one for ever.
    if (isRevert(run.plan) && isNotConfigured(error as Error)) return 'no-such-store';
    page(run, `The flag could not be taken back yet: ${rootMessage(error)}`);
    return rollbackForever.writeSafeState(input);
  }
}

const stillTrying = 'Still trying, every two seconds at most.';

/** Paging is telling: it goes on beside the next try. */
function page(run: Run, what: string): void {
  run.move = { ...run.move, sentence: `${what} ${stillTrying}` };
  enterState(run, 'needs-a-human');
  record(run, 'trouble', { what });
  tell(run, 'needs-a-human', { what, next: stillTrying, who: ['on-call'] });
}

/**
 * In a store that proves at once and has a fence this is no step at all; otherwise rewrite and read until it shows, and
 * for as long as a flip that was under way may still land.
 */
async function proveUntilProven(run: Run, request: RollbackRequest, written: Written): Promise<Receipt> {
  let { receipt } = written;
  const settledAtMs = Date.now() + (written.settleMs ?? 0);
  for (let attempt = 1; receipt.state !== 'proven' || Date.now() < settledAtMs; attempt += 1) {
    if (attempt === 2 && receipt.state !== 'proven')
      page(run, 'The safe state was written but does not read back yet.');
    await sleep(Math.min(2_000, Math.round(200 * 1.5 ** attempt)), { summary: 'reading the flag back' });
    const input = { ...inputOf(run, request), fence: written.receipt.fence - 1 };
    const outcome = await rollbackForever.writeSafeState(input);
    if (outcome.kind === 'refused') continue;
    if (outcome.repeated === true) receipt = { ...outcome.receipt, writtenAt: receipt.writtenAt };
    else {
      if (written.settleMs !== undefined && receipt.state === 'proven')
        record(run, 'trouble', { what: 'The flag left its safe state after the rollback; it was written again.' });
      receipt = outcome.receipt;
    }
  }
  return receipt;
}

function answerWritten(run: Run, request: RollbackRequest, receipt: Receipt): ClosingEnding {
  run.answer = { written: true, ...receipt };
  run.move = { ...run.move, sentence: request.reason };
  run.intended = 0;
  run.fence = receipt.fence;
  run.revision = receipt.revision;
  run.drift = null;
  run.unread = null;
  run.observed = { percent: receipt.percent, at: receipt.provenAt ?? receipt.writtenAt };
  measureRollback(run, request, receipt);
  record(run, 'rollback', {
    askedAt: iso(request.atMs),
    receipt,
    adopted: run.fenceHolder.kind === 'break-glass' ? run.fenceHolder.owner : undefined,
  });
  tell(run, 'rolled-back', {
    what: `${run.plan.flag.key} is back at 0 %, proven by reading it back.`,
    why: `${request.by}: ${request.reason}`,
    next: 'Nothing moves by itself any more.',
    who: ['on-call', 'release-manager'],
  });
  return { kind: 'roll-back', reason: request.reason };
}

function measureRollback(run: Run, { atMs }: RollbackRequest, { writtenAt, provenAt }: Receipt): void {
  const labels = flagLabels(run.plan);
  telemetry.rollback({ ...labels, phase: 'written', seconds: (Date.parse(writtenAt) - atMs) / 1_000 });
  if (provenAt === undefined) return;
  telemetry.rollback({ ...labels, phase: 'proven', seconds: (Date.parse(provenAt) - atMs) / 1_000 });
}

function answerUnwritten(run: Run, request: RollbackRequest, why: string): ClosingEnding {
  run.answer = { written: false, by: request.by, reason: why };
  record(run, 'rollback', { askedAt: iso(request.atMs), written: false, why });
  return { kind: 'roll-back', reason: request.reason };
}

function refuse(run: Run, request: RollbackRequest, why: string): ClosingEnding {
  answerUnwritten(run, request, why);
  return { kind: 'refused', reason: why };
}

type Written = Extract<SafeStateAnswer, { kind: 'written' }>;
type Refusal = Extract<WriteOutcome, { kind: 'refused' }>;

/** Only an automatic write is ever refused, because the flag is not ours any more; or a revert of no flag at all. */
async function handleRefusal(
  run: Run,
  request: RollbackRequest,
  { why, record: found }: Refusal,
): Promise<ClosingEnding> {
  const { store, key } = run.plan.flag;
  if (why === 'no-such-flag')
    return refuse(run, request, `The flag store ${store} has no flag ${key}. Nothing was written.`);
  const owner = found.owner ?? 'nobody';
  if (run.claim !== 'held') return answerUnwritten(run, request, `The flag was not claimed; ${owner} owns it.`);
  run.observed = { percent: found.percent, at: iso(Date.now()) };
  if (isBreakGlass(found.owner)) {
    if (found.percent === 0 && found.safeValuesHeld) return adopt(run, found);
    // Whoever broke the glass wanted the safe state, and the flag left it since: a person's wish, so never refused.
    run.rollback = { ...request, asked: 'person' };
    return writeAndProve(run, run.rollback);
  }
  const reason = `The flag belongs to ${owner} now; this rollout writes nothing more.`;
  run.answer = { written: false, by: request.by, reason };
  record(run, 'rollback', { askedAt: iso(request.atMs), written: false, found });
  tell(run, 'superseded', { what: reason, who: ['on-call'] });
  return { kind: 'superseded', reason };
}

/** Asked for and not answered yet: a run that completed meanwhile still has to roll back. */
export const owesRollback = (run: Run): boolean =>
  run.rollback !== null && run.answer === null && (run.outcome === null || run.outcome === 'completed');

/** How long a requester waits for the receipt: until there is one, or there can be none. */
export async function receiptOf(run: Run): Promise<RollbackAnswer> {
  await CancellationScope.nonCancellable(() => condition(() => !owesRollback(run)));
  return (
    run.answer ?? { written: false as const, by: 'holdpoint', reason: `The rollout had already ended: ${run.outcome}.` }
  );
}
