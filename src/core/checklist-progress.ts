/** How far a rollout is with its checklist: what was attested, probed, judged and decided, from its audit. */
import type { AuditEntry } from './audit.js';
import { checklistOf, type ChecklistLine, type ChecklistPhase, type LineState } from './checklist.js';
import type { Plan } from './plan.js';

export interface TrackedLine extends ChecklistLine {
  readonly state: LineState;
  /** Who or what answered, in a few words; null while nobody has. */
  readonly note: string | null;
  /** ISO instant of that answer. */
  readonly at: string | null;
}

export interface TrackedPhase extends ChecklistPhase {
  readonly lines: readonly TrackedLine[];
}

export interface Seen {
  readonly audit: readonly AuditEntry[];
  /** Ids of items that the rollout asks people for now. */
  readonly asked: readonly string[];
  readonly nowMs: number;
}

export function trackChecklist(plan: Plan, seen: Seen): TrackedPhase[] {
  const standing = standingOf(plan, seen);
  return checklistOf(plan, (gate) => opensAtMs(plan, standing, gate)).map((phase) => ({
    ...phase,
    lines: phase.lines.map((line) => ({
      ...line,
      ...progressOf(standing, line, opensAtMs(plan, standing, line.gate) ?? Number.POSITIVE_INFINITY),
    })),
  }));
}

interface Standing extends Seen {
  /** Of the last stage: the list after the bake is one beyond it. */
  readonly stages: number;
  /** Proven flips, by stage. */
  readonly flips: ReadonlyMap<number, AuditEntry>;
  /** Where it stands: 0 in preflight, one beyond the last stage after the bake. */
  readonly gate: number;
  readonly ended: boolean;
}

function standingOf({ stages, after }: Plan, seen: Seen): Standing {
  const flips = new Map(
    seen.audit.flatMap((entry) =>
      entry.kind === 'flip' && entry.data['receipt'] !== undefined ? [[Number(entry.data['stage']), entry]] : [],
    ),
  );
  const closed = seen.audit.findLast(({ kind }) => kind === 'closed');
  const reached = Math.max(0, ...flips.keys());
  const isAfter = closed?.data['outcome'] === 'completed' || after.some(({ id }) => seen.asked.includes(id));
  const gate = reached === stages.length && isAfter ? stages.length + 1 : reached;
  return { ...seen, stages: stages.length, flips, gate, ended: closed !== undefined };
}

function opensAtMs({ startAt, stages }: Plan, { audit, flips, gate: now }: Standing, gate: number): number | null {
  if (gate === 0) {
    const start = startAt ?? audit.find(({ kind }) => kind === 'started')?.at;
    return start === undefined ? null : Date.parse(start);
  }
  if (gate <= stages.length) {
    const flip = flips.get(gate);
    return flip === undefined ? null : Date.parse(flip.at) + (stages[gate - 1]?.holdMs ?? 0);
  }
  // The last gate is passed by its last verdict or its last decision.
  const passed = audit.findLast(
    ({ kind, data }) => data['stage'] === stages.length && (kind === 'decision' || data['scope'] === 'gate'),
  );
  return now < gate || passed === undefined ? null : Date.parse(passed.at);
}

type Progress = Pick<TrackedLine, 'state' | 'note' | 'at'>;

function progressOf(standing: Standing, line: ChecklistLine, opensMs: number): Progress {
  const answer = answerOf(standing, line);
  const { note = null } = answer ?? {};
  const at = answer?.entry.at ?? null;
  if (answer?.good !== undefined) return { state: answer.good ? 'done' : 'failed', note, at };
  if (standing.ended) return { state: 'missed', note, at };
  const late = line.due !== null && Date.parse(line.due) < standing.nowMs;
  return { state: late ? 'late' : hasCome(standing, line, opensMs) ? 'open' : 'later', note, at };
}

/** People may attest as soon as the stage has begun; everything else waits for the end of its hold. */
const hasCome = ({ gate, nowMs }: Standing, line: ChecklistLine, opensMs: number): boolean =>
  line.gate < gate || (line.gate === gate && (line.answered.kind === 'person' || nowMs >= opensMs));

interface Answer {
  readonly entry: AuditEntry;
  /** Left out: not the last word. */
  readonly good?: boolean;
  readonly note: string;
}

function answerOf(standing: Standing, { gate, answered }: ChecklistLine): Answer | null {
  // What is attested after the bake is noted at the last stage.
  const stage = Math.min(gate, standing.stages);
  const here = standing.audit.filter(({ data }) => data['stage'] === stage);
  switch (answered.kind) {
    case 'person':
      return attested(here, answered.item);
    case 'probe':
      return read(
        here.findLast(({ kind, data }) => kind === 'probe' && data['item'] === answered.item),
        ({ ok, detail }) => ({ good: ok === true, note: text(detail) }),
      );
    case 'flip':
      return read(standing.flips.get(gate), () => ({ good: true, note: 'proven by reading it back' }));
    case 'smoke': {
      const runs = here.filter(({ kind, data }) => kind === 'smoke' && data['suite'] === answered.suite);
      // A stage begins with a run after its flip; preflight has none.
      const run = answered.when === 'after-flip' ? runs[0] : runs.slice(stage === 0 ? 0 : 1).at(-1);
      return read(run, ({ outcome }) => ({ good: outcome === 'passed', note: text(outcome) }));
    }
    case 'checks':
      return read(
        here.findLast(({ kind, data }) => kind === 'verdict' && data['scope'] === 'gate'),
        ({ outcome, headline }) => ({ good: outcome === 'pass', note: text(headline) }),
      );
    case 'decision':
      return decided(standing, stage, here);
  }
}

/** Null again once whoever attested has taken it back. */
function attested(here: readonly AuditEntry[], item: string): Answer | null {
  const said = here.findLast(({ kind, data }) => kind === 'message' && data['item'] === item);
  if (said?.data['message'] !== 'attest') return null;
  return read(said, ({ by, note }) => ({ good: true, note: note == null ? text(by) : `${text(by)}: ${text(note)}` }));
}

/** Done when the gate was passed; until then its voices are only shown. */
function decided({ gate: now }: Standing, stage: number, here: readonly AuditEntry[]): Answer | null {
  const voices = here.filter(({ kind }) => kind === 'decision');
  const last = voices.at(-1);
  if (last === undefined) return null;
  const note = voices
    .map(({ data }) => `${text(data['by'])} said ${text(data['decision'])} as ${text(data['role'])}`)
    .join(', ');
  if (now > stage) return { entry: last, good: true, note };
  return last.data['decision'] === 'no-go' ? { entry: last, good: false, note } : { entry: last, note };
}

const read = (
  entry: AuditEntry | undefined,
  answer: (data: AuditEntry['data']) => Omit<Answer, 'entry'>,
): Answer | null => (entry === undefined ? null : { entry, ...answer(entry.data) });

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
