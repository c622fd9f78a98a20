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
type Teller = (data: Data) => AuditLine | null;

const word = (value: unknown): string => (typeof value === 'string' ? value : String(value ?? ''));

const tellers: Partial<Readonly<Record<AuditEntry['kind'], Teller>>> = {
  started: (data) => line('person', `${word(data['by'])} starts the plan ${word(data['plan'])}.`),
  claim: (data) =>
    data['receipt'] === undefined
      ? line('bad', `The flag could not be claimed: ${word(data['refused'])}.`)
      : line('machine', 'The flag is claimed. From here, rolling back is armed.'),
  smoke: (data) => smokeLine(data as unknown as SmokeOutcome),
  flip: (data) => receiptLine(data, 'good', 'The flag is at'),
  verdict: verdictLine,
  move: moveLine,
  decision: (data) =>
    line('person', `${word(data['by'])} says ${word(data['decision'])} as ${word(data['role'])}${because(data)}`, [
      `Bound to the evidence ${shortDigest(word(data['evidenceDigest']))}.`,
    ]),
  refusal: (data) =>
    line('bad', `${word(data['by'])} said ${word(data['decision'] ?? data['message'])}. Refused: ${word(data['why'])}`),
  breach: (data) =>
    line(
      'bad',
      `The ${word(data['from'])} reports a breach; judged again, it is ${data['confirmed'] === true ? '' : 'not '}confirmed.`,
    ),
  rollback: (data) => receiptLine(data, 'good', 'The flag is back at'),
  lapse: (data) => line('bad', `Decisions lapsed: ${word(data['because'])}`),
  deadline: (data) => line('bad', `The deadline of the ${word(data['of'])} has passed.`),
  drift: () => line('bad', 'The flag is not what we last proved.'),
  trouble: (data) => line('bad', `Trouble: ${word(data['what'])} ${word(data['detail'])}`.trimEnd()),
  closed: (data) => line('good', `The rollout ends: ${word(data['outcome'])} at ${word(data['percent'])} %.`),
};

export function auditLine({ kind, data }: AuditEntry): AuditLine | null {
  return tellers[kind]?.(data) ?? null;
}

const because = (data: Data): string => (data['reason'] == null ? '.' : `: ${word(data['reason'])}`);

function smokeLine({ suite, outcome, steps, durationMs, detail }: SmokeOutcome): AuditLine {
  return outcome === 'passed'
    ? line('detail', `Smoke suite ${suite} is green: ${steps.length} steps in ${durationMs} ms.`)
    : line('bad', `Smoke suite ${suite} ${outcome}: ${detail ?? 'no detail'}`);
}

function receiptLine(data: Data, tone: Tone, what: string): AuditLine {
  const receipt = data['receipt'] as Receipt | undefined;
  if (receipt === undefined) return line('bad', `Not written: ${word(data['refused'] ?? data['why'])}.`);
  const { percent, state, provenAt, writtenAt } = receipt;
  const proof =
    provenAt === undefined
      ? state
      : `written, and proven by reading it back ${Math.max(0, Date.parse(provenAt) - Date.parse(writtenAt))} ms later`;
  return line(tone, `${what} ${percent} %: ${proof}.`);
}

/** Routine looks say one quiet line; a hold point, and whatever does not pass, says its numbers. */
function verdictLine(data: Data): AuditLine {
  const findings = (data['findings'] as readonly Finding[] | undefined) ?? [];
  const headline = word(data['headline']);
  if (data['scope'] === 'watch' && data['outcome'] === 'pass') return line('detail', `Look: ${headline}`);
  const shown = findings.filter(({ scope, outcome }) => scope === 'gate' || outcome !== 'pass');
  const details = shown.map(({ outcome, sentence }) => `${outcome === 'pass' ? '✓' : '✗'} ${sentence}`);
  const where = data['scope'] === 'gate' ? 'Hold point' : 'Watch';
  const tone = data['outcome'] === 'pass' ? 'good' : data['outcome'] === 'fail' ? 'bad' : 'machine';
  return line(tone, `${where}: ${headline}`, [
    ...details,
    `The evidence is ${shortDigest(word(data['evidenceDigest']))}.`,
  ]);
}

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
