/** The go/no-go checklist: what the seed day asks when, and what an audit says is done. */
import { expect, it } from 'vitest';
import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { renderChecklist, renderChecklistMarkdown } from '../../src/cli/render/checklist.js';
import { nextEntry, type AuditEntry, type AuditKind } from '../../src/core/audit.js';
import { checklistOf } from '../../src/core/checklist.js';
import { trackChecklist, type Seen, type TrackedLine } from '../../src/core/checklist-progress.js';
import type { Plan } from '../../src/core/plan.js';
import { loadPlan } from '../../src/plan/load-plan.js';

const loaded = await loadPlan('ops/plans/day0.yaml');
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
const plan: Plan = loaded.plan;
const day = Date.parse('2026-12-01T08:00:00Z');
const hour = 3_600_000;

interface Told {
  readonly afterMs: number;
  readonly kind: AuditKind;
  readonly data: Readonly<Record<string, unknown>>;
}

const told = (hours: number, kind: AuditKind, data: Told['data']): Told => ({ afterMs: hours * hour, kind, data });
const attest = (hours: number, stage: number, item: string): Told =>
  told(hours, 'message', { message: 'attest', stage, item, by: 'dana', note: 'seen' });

function audit(...entries: readonly Told[]): AuditEntry[] {
  return entries.reduce<AuditEntry[]>((before, { afterMs, kind, data }) => {
    const at = new Date(day + afterMs).toISOString();
    return [...before, nextEntry(before, { at, kind, data })];
  }, []);
}

const started = told(0, 'started', { by: 'rita' });
const flip = (hours: number, stage: number): Told => told(hours, 'flip', { stage, receipt: { percent: 10 } });

const linesOf = (seen: Partial<Seen>, of: Plan = plan): readonly TrackedLine[] =>
  trackChecklist(of, { audit: audit(started), asked: [], nowMs: day, ...seen }).flatMap(({ lines }) => lines);

const stateOf = (lines: readonly TrackedLine[], title: string) => {
  const { state, note } = lines.find((line) => line.title.startsWith(title)) ?? { state: 'no such line', note: null };
  return [state, note];
};

it('the seed day: T-24h, T-4h, T-0, three hold points, T+24h, each with what it needs', async () => {
  const phases = checklistOf(plan, () => null);
  expect(phases.map(({ name }) => name)).toEqual(['T-24h', 'T-4h', 'T-0', 'T+4h', 'T+8h', 'T+12h', 'T+24h']);
  const shown = { title: 'Go/no-go checklist', phases, tracked: false, nowMs: day };
  await expect(renderChecklistMarkdown(shown)).toMatchFileSnapshot('../goldens/checklist-day0.md');
  const text = renderChecklist(shown, pc.createColors(true));
  expect(stripVTControlCharacters(text)).toMatch(
    /^ {2}\[ \] {2}Security audit clean +security attests security-audit$/m,
  );
});

it.each([
  ['T-24h', ['full-tests', 'security-audit', 'flags-deployed', 'health', 'toggle-tested', 'runbooks']],
  ['T-4h', ['stakeholders', 'on-call', 'templates', 'dashboards', 'alerts']],
  [undefined, ['heads-up', 'status-page']],
])('the seed day asks at %s for all that has to be there then', (phase, ids) => {
  const items = plan.preflight?.checklist.filter((item) => item.phase === phase) ?? [];
  expect(items.map(({ id }) => id)).toEqual(ids);
});

it('at the start everything before it is open, everything after it comes later', () => {
  const lines = linesOf({});
  expect(stateOf(lines, 'Security audit')).toEqual(['open', null]);
  expect(stateOf(lines, 'Flag at 10 %')).toEqual(['later', null]);
  expect(new Set(lines.filter(({ gate }) => gate > 0).map(({ state }) => state))).toEqual(new Set(['later']));
});

it('an attestation, one taken back, a probe, a red suite', () => {
  const lines = linesOf({
    audit: audit(
      started,
      attest(0.1, 0, 'on-call'),
      attest(0.1, 0, 'runbooks'),
      told(0.2, 'message', { message: 'withdraw', stage: 0, item: 'runbooks', by: 'dana' }),
      told(0.3, 'probe', { stage: 0, item: 'dashboards', ok: false, detail: 'api-p95 has no data' }),
      told(0.4, 'smoke', { stage: 0, suite: 'reporting', outcome: 'failed' }),
    ),
  });
  expect(stateOf(lines, 'On-call rotation')).toEqual(['done', 'dana: seen']);
  expect(stateOf(lines, 'Runbooks reviewed')).toEqual(['open', null]);
  expect(stateOf(lines, 'Dashboard shows data')).toEqual(['failed', 'api-p95 has no data']);
  expect(stateOf(lines, 'Smoke suite reporting is green')).toEqual(['failed', 'failed']);
});

it('in a hold an item can be attested; checks and the decision come at its end', () => {
  const at = (hours: number) => {
    const lines = linesOf({ audit: audit(started, flip(0, 1)), nowMs: day + hours * hour }).filter(
      ({ gate }) => gate === 1,
    );
    return ['Checks pass', 'Feedback', 'Decision'].map((title) => stateOf(lines, title)[0]);
  };
  expect(at(1)).toEqual(['later', 'open', 'later']);
  expect(at(4)).toEqual(['open', 'open', 'open']);
});

it('an item of one gate is not done because another gate had one of that name', () => {
  const lines = linesOf({
    audit: audit(started, flip(0, 1), attest(4, 1, 'feedback'), flip(4.1, 2)),
    nowMs: day + 5 * hour,
  });
  const feedback = lines.filter(({ title }) => title.startsWith('Feedback'));
  expect(feedback.map(({ state }) => state)).toEqual(['done', 'open', 'later']);
});

it('voices are shown, a decision is done when the gate was passed, a no-go is a failure', () => {
  const said = (by: string, decision: string): Told => told(4, 'decision', { stage: 1, by, decision, role: 'sre' });
  const decision = (...entries: readonly Told[]) => {
    const { state, note } =
      linesOf({ audit: audit(started, flip(0, 1), ...entries), nowMs: day + 5 * hour }).filter(
        ({ title }) => title === 'Decision: go',
      )[1] ?? {};
    return [state, note];
  };
  expect(decision()).toEqual(['open', null]);
  expect(decision(said('sam', 'go'))).toEqual(['open', 'sam said go as sre']);
  expect(decision(said('sam', 'go'), flip(4.1, 2))).toEqual(['done', 'sam said go as sre']);
  expect(decision(said('sam', 'go'), said('pia', 'no-go'))[0]).toBe('failed');
});

it('late is what was due: before the start with a startAt, after the bake from its last verdict', () => {
  const timed: Plan = {
    ...plan,
    startAt: new Date(day).toISOString(),
    preflight: {
      checks: [],
      smoke: [],
      decision: null,
      checklist: [{ id: 'a', title: 'A', role: 'sre', probe: null, dueMs: -4 * hour }],
    },
  };
  const before = audit(told(-24, 'started', { by: 'rita' }));
  expect(stateOf(linesOf({ audit: before, nowMs: day - 5 * hour }, timed), 'A')[0]).toBe('open');
  expect(stateOf(linesOf({ audit: before, nowMs: day - 3 * hour }, timed), 'A')[0]).toBe('late');

  const baked = [
    started,
    flip(12, 4),
    told(26, 'verdict', { stage: 4, scope: 'gate', outcome: 'pass', headline: 'Fine.' }),
  ];
  const after = (hours: number) =>
    stateOf(
      linesOf({ audit: audit(...baked), asked: ['retrospective'], nowMs: day + hours * hour }),
      'Retrospective',
    )[0];
  expect([after(27), after(49), after(51)]).toEqual(['open', 'open', 'late']);
  const ended = audit(...baked, told(51, 'closed', { outcome: 'completed' }));
  expect(stateOf(linesOf({ audit: ended, nowMs: day + 52 * hour }), 'Retrospective')[0]).toBe('missed');
  expect(stateOf(linesOf({ audit: ended, nowMs: day + 52 * hour }), 'Every user has it')[0]).toBe('missed');
});

it('what others wrote cannot pose as Markdown, and the sum is said', () => {
  const entries = audit(
    started,
    told(0.1, 'message', { message: 'attest', stage: 0, item: 'on-call', by: '[x](y)\n# Fine' }),
  );
  const phases = trackChecklist(plan, { audit: entries, asked: [], nowMs: day });
  const text = renderChecklistMarkdown({ title: 'T', phases, tracked: true, nowMs: day + hour });
  expect(text).toContain('- [x] On-call rotation confirmed (sre attests on-call; \\[x\\](y) \\# Fine, 08:06 UTC)');
  expect(text).toMatch(/^As of 2026-12-01 09:00 UTC\. 1 of \d+ done, \d+ open, \d+ later\.$/m);
});
