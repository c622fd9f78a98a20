/** One stage, from its hold to its hold point: look, judge, ask, wait; the same loop serves preflight. */
import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';
import { formatClock, iso } from '../src/core/instant.js';
import { nextMove, type Move } from '../src/core/move.js';
import { formatPercent } from '../src/core/number-text.js';
import type { RolloutState } from '../src/core/rollout-shapes.js';
import { summaryText } from '../src/core/summary-text.js';
import { comeToRest, historyIsLong, whenMayBeLong } from './carrying.js';
import { exportLongAudit } from './close.js';
import { flip } from './flip.js';
import { startGuard } from './guarding.js';
import { tellLate } from './lateness.js';
import { look, runSmoke } from './look.js';
import { enterState } from './present.js';
import { record } from './recording.js';
import { freshGate, gateOf, type Run } from './run.js';
import { evidenceGoodUntil, freshMs, nextWakeMs, silenceWantsLook, situationOf } from './situation.js';
import { flagLabels, telemetry } from './telemetry.js';
import { tell } from './tell.js';
import { decisionDeadlineMs, missingItems, seats } from './view.js';

/** The move that ends a stage; or that the history is too long to go on in. */
export type StageEnd = Move | 'long-history';

/** Moves the flag up to the stage's percent and holds there. */
export async function runStage(run: Run, stage: number): Promise<StageEnd> {
  const from = run.stage;
  const percent = run.plan.stages[stage - 1]?.percent ?? 0;
  while (!(await flip(run, { stage, percent, freshUntil: evidenceGoodUntil(run) }))) {
    // Refused or impossible: the stage we are in goes on until it would advance again.
    const end = await holdStage(run);
    if (end === 'long-history' || end.kind !== 'advance') return end;
    await sleep(1_000, { summary: 'before flipping again' });
  }
  beginStage(run, stage);
  tell(run, 'moved', {
    what: `${run.plan.flag.key} is at ${formatPercent(run.intended)}, proven by reading it back.`,
    why: from === 0 ? 'Preflight is done.' : `Stage ${from} passed.`,
    next: `Hold point at ${formatClock(run.holdEndsAtMs, Date.now())}.`,
  });
  return holdStage(run);
}

function beginStage(run: Run, stage: number): void {
  const now = Date.now();
  run.stage = stage;
  run.sinceMs = now;
  run.flippedAt = run.observed?.at ?? iso(now);
  run.holdEndsAtMs = now + (run.plan.stages[stage - 1]?.holdMs ?? 0);
  run.nextLookAtMs = now + run.plan.watch.everyMs;
  run.gate = freshGate();
  run.refused = null;
  run.guardNotBeforeMs = 0;
  run.guardMemory = null;
  run.unavailableSinceMs = null;
  run.inconclusiveSinceMs = null;
}

const endsStage = ({ kind }: Move): boolean =>
  kind === 'advance' || kind === 'complete' || kind === 'roll-back' || kind === 'halt';

/** Holds until the stage may be left. */
export async function holdStage(run: Run): Promise<StageEnd> {
  const guard = new CancellationScope();
  try {
    for (;;) {
      startGuard(run, guard);
      if (run.stage > 0 && !run.gate.smokedAfterFlip) {
        run.gate.smokedAfterFlip = true;
        present(run, takeStock(run));
        await interruptible(run, () => runSmoke(run, gateOf(run).smoke));
      }
      if (lookIsDue(run)) await interruptible(run, () => look(run));
      exportLongAudit(run);
      const move = takeStock(run);
      present(run, move);
      if (endsStage(move)) return move;
      if (historyIsLong(run)) {
        guard.cancel();
        await comeToRest(run);
        return 'long-history';
      }
      if (move.row === 'drift' && move.kind === 'wait') await reassert(run);
      else if (!lookIsDue(run)) await waitForNews(run);
    }
  } finally {
    guard.cancel();
    run.guard = null;
  }
}

/** Writes the flag back to the percent that was proven before. What cannot be written back waits for people. */
async function reassert(run: Run): Promise<void> {
  const written = await flip(run, { stage: run.stage, percent: run.intended, freshUntil: null });
  run.reassert = null;
  if (written || run.fenceHolder.kind !== 'ours') return;
  const reason = `the flag could not be written back to ${formatPercent(run.intended)}: resume tries again, rollback takes it to 0`;
  run.pause ??= { by: 'holdpoint', reason, atMs: Date.now() };
}

/** A breach or a lost fence cuts such work short: neither waits for a slow look. */
async function interruptible(run: Run, work: () => Promise<void>): Promise<void> {
  const step = new CancellationScope();
  run.step = step;
  try {
    await step.run(work);
  } catch (error) {
    if (run.scope.consideredCancelled || !isCancellation(error)) throw error;
  } finally {
    run.step = null;
  }
}

/** A look is due on its grid, at the first moment of a hold point, and before anything is done on old evidence. */
function lookIsDue(run: Run): boolean {
  const now = Date.now();
  if (now >= run.nextLookAtMs || run.lookAsked || silenceWantsLook(run)) return true;
  if (now < run.holdEndsAtMs) return false;
  if (run.gate.verdicts.length === 0) return true;
  const wanted = run.move.row === 'gate' && run.move.atMs !== undefined && run.move.atMs <= now;
  // Evidence of a worker whose clock is behind is old the moment it comes; another look at once would be, too.
  return wanted && now - run.lastLookAtMs > freshMs(run);
}

/** Decides, and records a move that differs from the last. */
function takeStock(run: Run): Move {
  hitDeadlines(run);
  const move = nextMove(situationOf(run));
  const changed = move.kind !== run.move.kind || move.row !== run.move.row;
  if (changed || endsStage(move)) {
    record(run, 'move', { stage: run.stage, move: move.kind, row: move.row, sentence: move.sentence });
    telemetry.move({ ...flagLabels(run.plan), move: move.kind });
  }
  if ((move.kind === 'advance' || move.kind === 'complete') && run.gate.askedAtMs !== null) {
    telemetry.humanWait({ ...flagLabels(run.plan), seconds: (Date.now() - run.gate.askedAtMs) / 1_000 });
  }
  run.move = move;
  return move;
}

/** A deadline that pauses does so once; the pause is then a pause like any other, which a person can end. */
function hitDeadlines(run: Run): void {
  tellLate(run);
  const { deadline } = situationOf(run);
  if (deadline === null) return;
  const first = deadline.of === 'plan' ? run.planDeadlineHit === 'no' : !run.gate.deadlineHit;
  if (!first) return;
  record(run, 'deadline', { of: deadline.of, stage: run.stage, action: deadline.action });
  const escalateTo = gateOf(run).decision?.escalateTo;
  tell(run, 'escalation', {
    what: `The ${deadline.of === 'plan' ? "plan's deadline" : 'deadline for the decision'} has passed.`,
    next: `The plan says: ${deadline.action}.`,
    who: escalateTo == null ? [] : [escalateTo],
  });
  if (deadline.of === 'plan') run.planDeadlineHit = 'do';
  else run.gate.deadlineHit = true;
  if (deadline.action === 'pause') {
    run.pause ??= { by: 'the plan', reason: `the deadline of the ${deadline.of} passed`, atMs: Date.now() };
  }
}

function present(run: Run, move: Move): void {
  if (move.kind === 'ask') noteAsked(run, move);
  const key = `${run.stage}/${move.kind}/${move.row}`;
  if (run.told !== key) {
    run.told = key;
    if (move.kind === 'ask') tellAsked(run, move);
    if (move.kind === 'pause')
      tell(run, 'paused', { what: `Paused at ${formatPercent(run.intended)}.`, who: ['on-call'] });
  }
  enterState(run, stateFor(run, move));
}

function stateFor(run: Run, move: Move): RolloutState {
  if (move.kind === 'pause') return 'paused';
  if (run.stage === 0) return move.kind === 'ask' ? 'asking' : 'preflight';
  return move.kind === 'ask' || run.gate.askedAtMs !== null ? 'asking' : 'holding';
}

/** The decision's clock starts when people are first asked at a hold point. */
function noteAsked(run: Run, move: Move): void {
  const now = Date.now();
  const rule = gateOf(run).decision;
  if (run.gate.askedAtMs === null && move.row !== 'cannot-tell' && now >= run.holdEndsAtMs) {
    run.gate.askedAtMs = now;
    run.gate.remindedAtMs = now;
  }
  if (rule?.remindEveryMs != null && run.gate.askedAtMs !== null && now >= run.gate.remindedAtMs + rule.remindEveryMs) {
    run.gate.remindedAtMs = now;
    tell(run, 'reminder', { what: move.sentence, who: rolesMissing(run) });
  }
}

const rolesMissing = (run: Run): string[] => [
  ...seats(run)
    .filter(({ have, need }) => have < need)
    .map(({ role }) => role),
  ...missingItems(run).flatMap(({ role }) => role ?? []),
];

function tellAsked(run: Run, move: Move): void {
  const deadline = decisionDeadlineMs(run);
  tell(run, 'asked', {
    what: move.sentence,
    why: run.verdict?.headline ?? 'No evidence yet.',
    next: deadline === null ? 'Looking again meanwhile.' : `Wanted until ${formatClock(deadline, Date.now())}.`,
    who: move.row === 'people' ? rolesMissing(run) : ['on-call', ...rolesMissing(run)],
  });
}

/** Sleeps until a message, a guard result or the next thing that is due. */
async function waitForNews(run: Run): Promise<void> {
  const seen = run.news;
  const mayBeLong = whenMayBeLong(run);
  const wakeMs = nextWakeMs(run);
  const where = run.stage === 0 ? 'preflight' : formatPercent(run.intended);
  const { sentence } = run.move;
  const summary = summaryText(sentence.includes(where) ? sentence : `${where}: ${sentence}`);
  await condition(() => run.news !== seen || mayBeLong(), Math.max(1, wakeMs - Date.now()), { summary });
}
