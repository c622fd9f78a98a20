/** What an audit entry is in the story: a sentence with its numbers, or nothing. Pure; nothing is made up here. */
import type { AuditEntry } from '../core/audit.js';
import { shortDigest } from '../core/digest.js';
import type { Finding } from '../core/finding.js';
import type { Receipt } from '../core/flag-record.js';
import type { SmokeOutcome } from '../core/smoke-outcome.js';
import type { Tone } from './story.js';

export interface AuditLine {
  readonly tone: Tone;
  readonly text: string;
  /** Shown below it. */
  readonly details: readonly string[];
}

const line = (tone: Tone, text: string, details: readonly string[] = []): AuditLine => ({ tone, text, details });

type Data = AuditEntry['data'];
type Teller = (data: Data, obeyedMs: number | null) => AuditLine | null;

const word = (value: unknown): string =>
  typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value);

const tellers: Partial<Readonly<Record<AuditEntry['kind'], Teller>>> = {
  started: (data) => line('person', `${word(data['by'])} starts the plan ${word(data['plan'])}.`),
  claim: (data) =>
    data['receipt'] === undefined
      ? line('bad', `The flag could not be claimed: ${word(data['refused'])}.`)
      : line('machine', 'The flag is claimed. From here, rolling back is armed.'),
  smoke: (data) => smokeLine(data as unknown as SmokeOutcome),
  flip: (data, obeyedMs) => receiptLine(data, 'The flag is at', obeyedMs),
  verdict: verdictLine,
  move: moveLine,
  decision: (data) =>
    line(
      'person',
      `${word(data['by'])} says ${word(data['decision'])} as ${word(data['role'])}, on evidence ${shortDigest(word(data['evidenceDigest']))}${because(data)}`,
    ),
  refusal: (data) =>
    line('bad', `${word(data['by'])} said ${word(data['decision'] ?? data['message'])}. Refused: ${word(data['why'])}`),
  breach: breachLine,
  rollback: (data, obeyedMs) => receiptLine(data, 'The flag is back at', obeyedMs),
  lapse: (data) => line('bad', `Decisions lapsed: ${word(data['because'])}`),
  deadline: (data) => line('bad', `The deadline of the ${word(data['of'])} has passed.`),
  drift: () => line('bad', 'The flag is not what we last proved.'),
  trouble: (data) => line('bad', `Trouble: ${word(data['what'])} ${word(data['detail'])}`.trimEnd()),
  closed: (data) => line('good', `The rollout ends: ${word(data['outcome'])} at ${word(data['percent'])} %.`),
};

/** @param obeyedMs - of a move: how soon after the write the service obeyed; null: not known. */
export function auditLine({ kind, data }: AuditEntry, obeyedMs: number | null): AuditLine | null {
  return tellers[kind]?.(data, obeyedMs) ?? null;
}

const because = (data: Data): string => (data['reason'] == null ? '.' : `: ${word(data['reason'])}`);

function smokeLine({ suite, outcome, steps, durationMs, detail }: SmokeOutcome): AuditLine {
  return outcome === 'passed'
    ? line('detail', `Smoke suite ${suite} is green: ${steps.length} steps in ${durationMs} ms.`)
    : line('bad', `Smoke suite ${suite} ${outcome}: ${detail ?? 'no detail'}`);
}

function receiptLine(data: Data, what: string, obeyedMs: number | null): AuditLine {
  const receipt = data['receipt'] as Receipt | undefined;
  if (receipt === undefined) return line('bad', `Not written: ${word(data['refused'] ?? data['why'])}.`);
  const proof = receipt.state === 'proven' ? 'proven by reading it back' : 'written, not proven yet';
  const obeyed = obeyedMs === null ? '' : ` The service obeys within ${obeyedMs} ms.`;
  return line('good', `${what} ${receipt.percent} %, ${proof}.${obeyed}`);
}

function breachLine(data: Data): AuditLine {
  const windows = ((data['samples'] as readonly unknown[] | undefined) ?? []).length;
  const judged = data['confirmed'] === true ? 'it is a breach' : 'it is none';
  return line(
    'bad',
    `The ${word(data['from'])} shows it failing in ${windows} windows of their own. Judged again, ${judged}.`,
  );
}

/** A routine look says one quiet line; a hold point shows its numbers, and what fails shows itself. */
function verdictLine(data: Data): AuditLine {
  const { scope, outcome } = data;
  const headline = word(data['headline']);
  if (scope === 'watch') {
    return outcome === 'pass' ? line('detail', `Look: ${headline}`) : line(toneOf(outcome), `Watch: ${headline}`);
  }
  const findings = (data['findings'] as readonly Finding[] | undefined) ?? [];
  // A green smoke suite has just said so itself.
  const shown = findings.filter((finding) => finding.scope === 'gate' && !isGreenSmoke(finding));
  const digest = shortDigest(word(data['evidenceDigest']));
  return line(
    toneOf(outcome),
    `Hold point: ${headline} (evidence ${digest})`,
    shown.map((finding) => `${finding.outcome === 'pass' ? '✓' : '✗'} ${finding.sentence}`),
  );
}

const isGreenSmoke = ({ check, outcome }: Finding): boolean => check.startsWith('smoke:') && outcome === 'pass';

const toneOf = (outcome: unknown): Tone => (outcome === 'pass' ? 'good' : outcome === 'fail' ? 'bad' : 'machine');

function moveLine(data: Data): AuditLine | null {
  const sentence = word(data['sentence']);
  switch (data['move']) {
    case 'ask':
    case 'advance':
    case 'complete':
      return line('machine', sentence);
    case 'roll-back':
      return line('bad', `Rolling back: ${sentence}`);
    case 'pause':
    case 'halt':
      return line('bad', sentence);
    default:
      return null;
  }
}
