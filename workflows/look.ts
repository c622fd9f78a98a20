/** One recorded round: ask what is due, judge it, remember what it means. */
import { patched } from '@temporalio/workflow';
import { askGate, askWatch, type AskedCheck } from '../src/core/ask-checks.js';
import { flagReading, type Evidence } from '../src/core/evidence.js';
import { traceOf, type Answers } from '../src/core/evidence-trace.js';
import type { FlagRecord } from '../src/core/flag-record.js';
import { lapsedBy } from '../src/core/decision.js';
import { iso } from '../src/core/instant.js';
import { formatPercent } from '../src/core/number-text.js';
import type { SmokeOutcome } from '../src/core/smoke-outcome.js';
import { judge, type Judgement } from '../src/core/verdict.js';
import type { LookFacts } from '../activities/facts.js';
import { checks } from './activity-proxies.js';
import { askWorld, where } from './asking-the-world.js';
import { runProbes } from './probing.js';
import { rootMessage } from './root-message.js';
import { leaveEvent, record } from './recording.js';
import { gateOf, type Run } from './run.js';
import { tell } from './tell.js';
import { rethrowCancellation } from './cancellation.js';
import { silenceWantsLook } from './situation.js';
import { flagLabels, telemetry } from './telemetry.js';

export async function look(run: Run): Promise<void> {
  const atGate = Date.now() >= run.holdEndsAtMs;
  const asked = dueChecks(run, atGate);
  telemetry.lookLateness({ ...flagLabels(run.plan), seconds: Math.max(0, Date.now() - run.nextLookAtMs) / 1_000 });
  run.lastLookAtMs = Date.now();
  // A look that somebody asked for leaves the grid as it is.
  if (!run.lookAsked || Date.now() >= run.nextLookAtMs) run.nextLookAtMs = nextLookMs(run);
  run.lookAsked = false;
  const suites = atGate
    ? gateOf(run).smoke.filter((suite) => !run.gate.smokeRun || run.smoke[suite]?.outcome !== 'passed')
    : redSuites(run);
  const probing = atGate ? runProbes(run) : Promise.resolve();
  const [facts] = await Promise.all([askWorld(run, asked, lookSummary(run, asked)), runSmoke(run, suites), probing]);
  if (atGate) run.gate.smokeRun = true;
  noteFlag(run, facts);
  const evidence: Evidence = {
    at: facts.at,
    stage: run.stage,
    percent: run.intended,
    flippedAt: run.flippedAt,
    scope: atGate ? 'gate' : 'watch',
    flag: facts.flag === null ? null : flagReading(facts.flag),
    samples: facts.samples,
    smoke: atGate ? gateOf(run).smoke.flatMap((suite) => run.smoke[suite] ?? []) : [],
    streaks: run.streaks,
  };
  judgeEvidence(run, evidence, answersOf(facts));
}

/** Where an auditor finds what was answered. */
function answersOf({ archived, archiveProblem, samples }: LookFacts): Answers {
  if (archived !== null) return { kind: 'file', file: archived.file, digest: archived.digest };
  return archiveProblem === undefined ? { kind: 'here', samples } : { kind: 'lost', why: archiveProblem };
}

const redSuites = (run: Run): string[] => gateOf(run).smoke.filter((suite) => run.smoke[suite]?.outcome === 'failed');

/** Looks stay on the grid that began with the hold, so that none is lost to the time a look takes. */
function nextLookMs(run: Run): number {
  const { everyMs } = run.plan.watch;
  const late = Math.max(0, Date.now() - run.nextLookAtMs);
  return run.nextLookAtMs + everyMs * (Math.floor(late / everyMs) + 1);
}

function dueChecks(run: Run, atGate: boolean): AskedCheck[] {
  const now = Date.now();
  const all = silenceWantsLook(run);
  // Half a look early still counts as due: the grid jitters by the time a look takes.
  const due = ({ name, everyMs }: { name: string; everyMs: number }): boolean =>
    all || now - (run.lookedAtMs[name] ?? 0) >= everyMs - run.plan.watch.everyMs / 2;
  const watched = run.stage === 0 ? [] : askWatch(run.plan, due);
  for (const { check } of watched) run.lookedAtMs[check] = now;
  const stageMs = run.flippedAt === null ? 0 : now - Date.parse(run.flippedAt);
  return [...watched, ...(atGate ? askGate(run.plan, gateOf(run).checks, stageMs) : [])];
}

function lookSummary(run: Run, asked: readonly AskedCheck[]): string {
  const ofGate = asked.filter(({ scope }) => scope === 'gate').length;
  const watched = asked.length - ofGate;
  const parts = [
    ...(ofGate === 0 ? [] : [`${ofGate} of the gate`]),
    ...(watched === 0 ? [] : [`${watched} of the watch`]),
    'the flag',
  ];
  return `${ofGate === 0 ? '' : 'hold point '}${where(run)}: ${parts.join(', ')}`;
}

export async function runSmoke(run: Run, suites: readonly string[]): Promise<void> {
  const outcomes = await Promise.all(suites.map((suite) => smokeOutcome(run, suite)));
  for (const outcome of outcomes) {
    run.smoke[outcome.suite] = outcome;
    record(run, 'smoke', { stage: run.stage, ...outcome });
  }
}

async function smokeOutcome(run: Run, suite: string): Promise<SmokeOutcome> {
  try {
    return await checks(`suite ${suite}, ${where(run)}`).runSmoke({ suite });
  } catch (error) {
    rethrowCancellation(error);
    leaveEvent(run);
    const detail = `the suite could not be run: ${rootMessage(error)}`;
    return { suite, outcome: 'unavailable', at: iso(Date.now()), durationMs: 0, steps: [], detail };
  }
}

function noteFlag(run: Run, facts: LookFacts): void {
  if (facts.flag === null) {
    record(run, 'trouble', { what: 'the flag could not be read', detail: facts.flagProblem });
    noteUnread(run, facts.flagProblem ?? 'no answer');
    return;
  }
  noteFlagRecord(run, facts.flag, facts.at);
}

/** Told once: what cannot be read cannot be taken back either, and nobody should learn that from a rollback. */
function noteUnread(run: Run, problem: string): void {
  if (run.unread === null && run.claim === 'held' && patched('unread-flag-is-told')) {
    const next = `It is read again at every look. Mend it now: a rollback needs the same store.`;
    tell(run, 'warning', { what: 'The flag cannot be read.', why: problem, next, who: ['on-call'] });
  }
  run.unread = { sinceMs: run.unread?.sinceMs ?? Date.now(), problem };
}

/** Compares what the store holds with what we last proved. */
export function noteFlagRecord(run: Run, flag: FlagRecord, at: string): void {
  run.observed = { percent: flag.percent, at };
  run.unread = null;
  if (flag.fence > run.fence || (flag.owner !== null && flag.owner !== run.owner)) {
    const owner = flag.owner ?? 'nobody';
    run.fenceHolder = { kind: owner.startsWith('break-glass:') ? 'break-glass' : 'another', owner };
    record(run, 'drift', { ours: run.fence, found: flag });
    return;
  }
  const drifted = flag.percent !== run.intended || flag.fence !== run.fence || flag.owner !== run.owner;
  if (drifted && run.drift === null) record(run, 'drift', { intended: run.intended, fence: run.fence, found: flag });
  run.drift = drifted ? describeDrift(run, flag) : null;
  run.revision = flag.revision;
}

function describeDrift(run: Run, flag: FlagRecord): NonNullable<Run['drift']> {
  const found = [
    ...(flag.percent === run.intended
      ? []
      : [`is at ${formatPercent(flag.percent)}, not at the ${formatPercent(run.intended)} we proved`]),
    ...(flag.fence === run.fence ? [] : [`has fence ${flag.fence} instead of ${run.fence}`]),
    ...(flag.owner === run.owner ? [] : ["is recorded as nobody's"]),
  ];
  return {
    sentence: `Somebody changed the flag: it ${found.join(' and ')}.`,
    above: flag.percent === null || flag.percent > run.intended,
  };
}

/** Judges evidence and remembers what it means. Also takes a breach found by the guard or sent from outside. */
export function judgeEvidence(run: Run, evidence: Evidence, answers: Answers): Judgement {
  const judgement = judge(run.plan, evidence);
  const { verdict } = judgement;
  telemetry.verdict({ ...flagLabels(run.plan), outcome: verdict.outcome });
  run.streaks = { ...run.streaks, ...judgement.streaks };
  run.verdict = verdict;
  if (judgement.breaches[0] !== undefined) run.breach = judgement.breaches[0].sentence;
  noteSilence(run, evidence, judgement);
  if (evidence.scope === 'gate') noteGateVerdict(run, judgement);
  const routine = evidence.scope === 'watch' && verdict.outcome === 'pass';
  record(run, 'verdict', {
    stage: evidence.stage,
    scope: evidence.scope,
    outcome: verdict.outcome,
    headline: verdict.headline,
    evidenceDigest: verdict.evidenceDigest,
    evidenceAt: evidence.at,
    // A routine look's findings follow from its samples in the pack; a hold point's are kept whole.
    ...(routine ? {} : { findings: verdict.findings }),
    evidence: traceOf(evidence, answers),
  });
  warn(run, judgement);
  return judgement;
}

function noteSilence(run: Run, evidence: Evidence, { verdict }: Judgement): void {
  const deciding = verdict.findings.filter(({ severity }) => severity === 'rollback' || severity === 'block');
  const unavailable = deciding.some(({ outcome }) => outcome === 'unavailable');
  if (deciding.length > 0) run.unavailableSinceMs = unavailable ? (run.unavailableSinceMs ?? Date.now()) : null;
  const inconclusive = evidence.scope === 'gate' && verdict.outcome === 'inconclusive' && !unavailable;
  run.inconclusiveSinceMs = inconclusive ? (run.inconclusiveSinceMs ?? Date.now()) : null;
}

function noteGateVerdict(run: Run, { verdict }: Judgement): void {
  const lapsed = lapsedBy(verdict, run.gate);
  run.gate.verdicts.push(verdict);
  if (lapsed.length === 0) return;
  run.gate.decisions = run.gate.decisions.filter((decision) => !lapsed.includes(decision));
  record(run, 'lapse', { stage: run.stage, because: verdict.headline, lapsed });
  tell(run, 'asked', {
    what: `The go of ${lapsed.map(({ by }) => by).join(', ')} lapsed: the evidence got worse.`,
    why: verdict.headline,
    who: lapsed.map(({ role }) => role),
  });
}

/** A failing check is told once, until it passes again. */
function warn(run: Run, { verdict, breaches }: Judgement): void {
  for (const finding of verdict.findings) {
    const failing = finding.outcome === 'fail' && finding.severity !== 'observe';
    if (failing && run.warned[finding.check] !== true && breaches.length === 0) {
      tell(run, 'warning', { what: `${finding.check} fails (${finding.severity}).`, why: finding.sentence });
    }
    if (failing || finding.outcome === 'pass') run.warned[finding.check] = failing;
  }
}
