/** What approvers read in Temporal's UI. */
import { describe, expect, it } from 'vitest';
import { aFinding, aStatus } from '../support/a-status.js';
import { detailsCard } from '../../src/core/details-card.js';
import { markdownText } from '../../src/core/markdown-text.js';
import type { RolloutStatus } from '../../src/core/rollout-shapes.js';

const evidenceDigest = `sha256:${'cd'.repeat(32)}`;

const asking = aStatus({
  stage: 3,
  percent: { intended: 50, observed: 50, observedAt: '2026-12-01T11:59:55Z' },
  verdict: {
    outcome: 'pass',
    headline: 'All 2 checks pass.',
    evidenceDigest,
    at: '2026-12-01T11:59:00Z',
    findings: [aFinding({ scope: 'watch', sentence: 'The last five minutes.' }), aFinding()],
  },
  asked: {
    ...aStatus().asked!,
    checklist: [{ id: 'on-call', title: 'On-call confirmed', role: 'sre', due: null }],
  },
});

const card = (changes: Partial<RolloutStatus> = {}): string => detailsCard({ ...asking, ...changes }, { blockers: [] });

const lineOf = (text: string, part: string): number => text.split('\n').findIndex((line) => line.includes(part));

describe('at a hold point', () => {
  it('says what is asked before the numbers, and the numbers before how to answer', () => {
    const text = card();
    const order = ['Waiting for a go from sre.', '#### Verdict: pass', 'To answer:', 'To take the flag back'];
    const lines = order.map((part) => lineOf(text, part));
    expect(lines).not.toContain(-1);
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
  });

  it('has the data for every open seat ready to copy, bound to the evidence it shows', () => {
    const data = [...card().matchAll(/`(\{.*?\})`/g)].map((match) => JSON.parse(match[1] ?? '') as unknown);
    expect(data).toEqual([
      { by: 'your name', role: 'sre', stage: 3, evidenceDigest },
      { item: 'on-call', by: 'your name' },
      { by: 'your name', reason: 'why' },
    ]);
  });

  it('tells the stage so far from the latest window', () => {
    expect(card().match(/^- pass.*$/gm)).toEqual([
      '- pass: Autosave success is 99.91 %, limit at least 99.5 %.',
      '- pass, watched: The last five minutes.',
    ]);
  });

  it('says why the last message did not count', () => {
    const refused = { message: 'go', by: 'dana', reason: 'dana started this rollout.', at: '2026-12-01T12:00:00Z' };
    expect(card({ refused })).toContain('- `go` by dana, 2026-12-01 12:00 UTC: dana started this rollout.');
  });

  it('has no nested list and no table: the UI runs them together', () => {
    expect(card()).not.toMatch(/^[ \t]+[-*]|^\|/m);
  });
});

describe('after the end', () => {
  const ended = card({
    state: 'rolled-back',
    asked: null,
    percent: { intended: 0, observed: 0, observedAt: '2026-12-01T12:00:01Z' },
    receipt: {
      written: true,
      state: 'proven',
      percent: 0,
      fence: 8,
      revision: 'r',
      writtenAt: '2026-12-01T12:00:00Z',
      provenAt: '2026-12-01T12:00:01Z',
      by: 'ola',
      reason: 'errors',
    },
  });

  it('shows the proof', () => {
    expect(ended).toContain('#### Rollback: proven at 0 %\n- Asked by ola: errors');
    expect(ended).toContain('- Read back 2026-12-01 12:00:01 UTC, fence 8');
  });

  it('offers nothing that no longer works', () => {
    expect(ended).not.toContain('Send a');
    expect(ended).not.toContain('Request Cancellation');
  });
});

it("people's words stay words", () => {
  const by = 'x\n### 100 %, completed\n[all is well](https://example.org) `code` **go**';
  expect(markdownText(by)).not.toMatch(/\n|(?<!\\)[#[\]`*]/);
  const headings = card({ startedBy: by, next: { move: 'pause', sentence: `Paused by ${by}`, at: null } })
    .split('\n')
    .filter((line) => line.startsWith('### '));
  expect(headings).toEqual(['### 50 %, asking']);
});
