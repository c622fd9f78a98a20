/** What an entry of each kind must say for an auditor to make something of it. More members are always allowed. */
import type { AuditEntry, AuditKind } from './audit.js';

type Need = 'text' | 'number' | 'list' | 'members' | 'truth';

interface Needs {
  readonly all: Readonly<Record<string, Need>>;
  /** At least one of them. */
  readonly oneOf?: Readonly<Record<string, Need>>;
}

const needsOf: Readonly<Record<AuditKind, Needs>> = {
  started: { all: { rollout: 'text', runId: 'text', plan: 'text', planDigest: 'text', by: 'text' } },
  continued: { all: { events: 'number' } },
  claim: { all: {}, oneOf: { receipt: 'members', refused: 'text' } },
  flip: { all: { stage: 'number' }, oneOf: { receipt: 'members', refused: 'text' } },
  verdict: {
    all: {
      stage: 'number',
      scope: 'text',
      outcome: 'text',
      headline: 'text',
      evidenceDigest: 'text',
      evidenceAt: 'text',
      evidence: 'members',
    },
  },
  move: { all: { stage: 'number', move: 'text', row: 'text', sentence: 'text' } },
  smoke: { all: { stage: 'number', suite: 'text', outcome: 'text', at: 'text', durationMs: 'number', steps: 'list' } },
  probe: { all: { stage: 'number', item: 'text', probe: 'text', ok: 'truth', detail: 'text' } },
  message: { all: { message: 'text', by: 'text' } },
  decision: {
    all: { stage: 'number', decision: 'text', by: 'text', role: 'text', at: 'text', evidenceDigest: 'text' },
  },
  lapse: { all: { stage: 'number', because: 'text', lapsed: 'list' } },
  refusal: { all: { message: 'text', why: 'text' } },
  deadline: { all: { of: 'text', stage: 'number', action: 'text' } },
  drift: { all: { found: 'members' } },
  breach: { all: { from: 'text', stage: 'number', confirmed: 'truth', evidenceDigest: 'text', samples: 'list' } },
  rollback: { all: { askedAt: 'text' }, oneOf: { receipt: 'members', written: 'truth' } },
  trouble: { all: { what: 'text' } },
  closed: { all: { outcome: 'text', percent: 'number', reason: 'text' } },
};

const isKnown = (kind: string): kind is AuditKind => Object.hasOwn(needsOf, kind);

const holds: Readonly<Record<Need, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  list: (value) => Array.isArray(value),
  members: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  truth: (value) => typeof value === 'boolean',
};

/** Null for an entry of a kind we know, with the members that this kind has. */
export function memberProblem({ kind: said, data }: AuditEntry): string | null {
  const kind: string = said;
  if (!isKnown(kind)) return `has the kind "${kind}", which this version of Holdpoint does not know`;
  const { all, oneOf } = needsOf[kind];
  const has = ([name, need]: readonly [string, Need]): boolean => Object.hasOwn(data, name) && holds[need](data[name]);
  const missing = Object.entries(all).find((need) => !has(need));
  if (missing !== undefined) return `is a ${kind} without a proper "${missing[0]}"`;
  if (oneOf === undefined || Object.entries(oneOf).some(has)) return null;
  return `is a ${kind} that has neither a proper ${Object.keys(oneOf)
    .map((name) => `"${name}"`)
    .join(' nor ')}`;
}
