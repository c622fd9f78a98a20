/** A postmortem holds what the pack holds, says what it does not hold, and leaves the rest to people. */
import { describe, expect, it } from 'vitest';
import { buildPostmortem, type Postmortem } from '../../src/core/postmortem.js';
import { renderPostmortem } from '../../src/core/render-postmortem.js';
import { renderHandoff } from '../../src/core/handoff.js';
import type { Pack } from '../../src/core/pack.js';
import { aCheck, aGate, aPlan, aStage } from '../support/a-plan.js';
import { aStatus } from '../support/a-status.js';
import { packOf, textsOf } from '../support/archived-pack.js';
import { clock, tellStory, value } from '../support/scripted-pack.js';

const minute = 60_000;
const checks = {
  saves: aCheck('saves', { title: 'Autosave success', consecutive: 2, windowMs: 5 * minute, overlapMs: 5 * minute }),
  p95: aCheck('p95', {
    title: 'API latency p95',
    severity: 'block',
    unit: 'seconds',
    limit: { max: 0.8 },
    windowMs: 5 * minute,
  }),
};
const gate = aGate({ checks: ['saves', 'p95'] });
const plan = aPlan({
  checks,
  description: 'The new | report viewer',
  watch: { everyMs: 15 * minute, guardMs: 15_000, checks: ['saves', 'p95'] },
  stages: [aStage(10, 4, gate), aStage(25, 4, gate), aStage(50, 4, gate), aStage(100, 12, gate)],
});

/** Fine at 10 %; at 25 % saves begin to fail, and the guard takes it back. */
function badDay() {
  const story = tellStory(plan);
  story.begin('08:00', 'dana');
  story.flip('08:01');
  story.look('08:16', { saves: value(0.999, 2_000), p95: value(0.4) });
  story.look('08:31', { saves: { kind: 'unavailable', reason: 'timeout', detail: 'no answer in 4 s' } });
  story.look('08:46', { saves: { kind: 'unavailable', reason: 'timeout', detail: 'no answer in 4 s' } });
  story.add('09:00', 'message', { message: 'pause', by: 'lee', reason: 'a <script> | a ticket\n# came in' });
  story.add('09:10', 'message', { message: 'resume', by: 'lee', reason: 'it was another thing' });
  const evidenceDigest = story.look('12:01', { saves: value(0.9985, 40_000), p95: value(0.5) }, 'gate');
  const go = { stage: 1, decision: 'go', by: 'mira', role: 'release-manager', at: clock('12:05'), identity: 'claimed' };
  story.add('12:05', 'decision', { ...go, reason: 'the numbers are good', evidenceDigest });
  story.flip('12:06');
  story.look('12:16', { saves: value(0.97, 5_000), p95: value(1.2) });
  story.breach('12:21:03', [
    ['12:16', { saves: value(0.97, 5_000) }],
    ['12:21', { saves: value(0.95, 6_000) }],
  ]);
  story.add('12:21:03', 'move', {
    stage: 2,
    move: 'roll-back',
    row: 'check-failed',
    sentence: 'Autosave success is 95 %.',
  });
  story.add('12:21:04', 'rollback', { askedAt: clock('12:21:03'), receipt: story.receipt(0, '12:21:04') });
  story.add('12:21:05', 'trouble', { what: 'announcement not delivered', channel: 'mail', kind: 'rolled-back' });
  story.add('12:21:05', 'closed', { outcome: 'rolled-back', percent: 0, reason: 'Autosave success is 95 %.' });
  return story;
}

/** Everybody has it, and nothing failed. */
function goodDay() {
  const story = tellStory(plan);
  story.begin('00:00', 'dana');
  for (const [index, time] of ['00:10', '04:10', '08:10', '12:10'].entries()) {
    story.flip(time);
    story.look(`${String(index * 4 + 1).padStart(2, '0')}:00`, { saves: value(0.999, 2_000) });
  }
  story.add('23:59', 'closed', { outcome: 'completed', percent: 100, reason: 'The bake is over.' });
  return story;
}

function built(pack: Pack): Postmortem {
  const one = buildPostmortem(pack);
  if (!one.ok) throw new Error(one.problem);
  return one.postmortem;
}

const asJson = (one: Postmortem): unknown => JSON.parse(JSON.stringify(one));

it('of a rollback, as committed', async () => {
  const postmortem = built(badDay().pack());
  expect(postmortem.verdict).toMatchObject({ whole: true, outcome: 'rolled-back' });
  await expect(renderPostmortem(postmortem)).toMatchFileSnapshot('../goldens/postmortem-rolled-back.md');
});

it('of a day on which nothing went wrong, as committed', async () => {
  await expect(renderPostmortem(built(goodDay().pack()))).toMatchFileSnapshot('../goldens/postmortem-completed.md');
});

describe('the numbers', () => {
  it('count users by percent and minutes, and errors once, beyond what the limit allows', () => {
    const { exposure, harms, times } = built(badDay().pack());
    expect(exposure.spans.map(({ percent, from, to }) => [percent, from.slice(11, 16), to.slice(11, 16)])).toEqual([
      [10, '08:01', '12:06'],
      [25, '12:06', '12:21'],
    ]);
    // 245 min at 10 %, 15 min and 4 s at 25 %.
    expect(exposure.everybodyMinutes).toBeCloseTo(24.5 + (15 + 4 / 60) / 4, 6);
    // From 12:11, where the first failing window begins, to 12:21.
    expect(exposure.whileFailing).toBeCloseTo(2.5, 6);
    // The look and the breach hold the window of 12:16 both: 0.025 × 5,000 + 0.045 × 6,000.
    expect(harms.map(({ check, windows, excessEvents }) => [check, windows, excessEvents])).toEqual([
      ['saves', 2, 395],
      ['p95', 1, null],
    ]);
    expect(times).toMatchObject({
      beganAt: clock('12:11'),
      noticedAt: clock('12:21:03'),
      noticedBy: 'the guard',
      askedAt: clock('12:21:03'),
      provenAt: clock('12:21:04'),
    });
  });

  it('windows that share data are counted once', () => {
    const story = tellStory(plan);
    story.begin('08:00', 'dana');
    story.flip('08:01');
    for (const time of ['08:10', '08:12', '08:14', '08:15']) story.look(time, { saves: value(0.895, 1_000) });
    expect(built(story.pack()).harms).toMatchObject([{ windows: 2, excessEvents: 200 }]);
  });

  it('of a person who asked without a failing window: when it began is not invented', () => {
    const story = tellStory(plan);
    story.begin('08:00', 'dana');
    story.flip('08:01');
    story.look('08:16', { saves: value(0.999, 2_000) });
    story.add('09:00', 'message', { message: 'rollback', by: 'sam', reason: 'calls' });
    story.add('09:01', 'rollback', { askedAt: clock('09:00'), receipt: story.receipt(0, '09:01', 'sam') });
    story.add('09:01', 'closed', { outcome: 'rolled-back', percent: 0, reason: 'calls' });
    const postmortem = built(story.pack());
    expect(postmortem.times).toMatchObject({ beganAt: null, noticedBy: 'sam', noticedAt: clock('09:00') });
    const text = renderPostmortem(postmortem);
    expect(text).toContain('| It began | the pack does not hold it |');
    expect(text).toContain('when it began has to come from elsewhere');
    expect(text).toContain('No check failed in any window that the pack holds.');
  });

  it('a failure that passed before the rollback did not begin it', () => {
    const story = tellStory(plan);
    story.begin('08:00', 'dana');
    story.flip('08:01');
    story.look('08:16', { saves: value(0.9, 2_000) });
    story.look('08:31', { saves: value(0.999, 2_000) });
    story.look('08:46', { saves: value(0.9, 2_000) });
    story.add('08:47', 'rollback', { askedAt: clock('08:47'), receipt: story.receipt(0, '08:47') });
    expect(built(story.pack()).times).toMatchObject({ beganAt: clock('08:41'), noticedBy: 'the look' });
  });
});

describe('what the pack does not hold is said', () => {
  it('samples that are gone: their numbers are not counted', () => {
    const story = badDay();
    story.loseFile('samples/005.json');
    const postmortem = built(story.pack());
    expect(postmortem.verdict.whole).toBe(false);
    expect(postmortem.missingSamples).toBe(1);
    const text = renderPostmortem(postmortem);
    expect(text).toContain('**The pack is not whole');
    expect(text).toContain('The samples of 1 verdict are not in the pack: numbers below do not count them.');
  });

  it('an entry that was changed: the page ends before it, and says so', () => {
    const texts = textsOf(badDay().pack());
    texts.set('audit.jsonl', (texts.get('audit.jsonl') ?? '').replace('"by":"mira"', '"by":"moira"'));
    const postmortem = built(packOf(texts));
    expect(postmortem.report.decisions).toEqual([]);
    expect(renderPostmortem(postmortem)).toContain('this page rests on its first 9 entries');
  });

  it.each([
    ['no audit', (texts: Map<string, string>) => texts.set('audit.jsonl', ''), /audit\.jsonl holds no good entry/],
    ['no plan', (texts: Map<string, string>) => texts.delete('plan.json'), /plan\.json is missing/],
    [
      'another plan',
      (texts: Map<string, string>) =>
        texts.set('plan.json', (texts.get('plan.json') ?? '').replace('"min": 0.995', '"min": 0.5')),
      /plan\.json does not give the digest/,
    ],
  ])('%s: there is no page at all', (...[, spoil, problem]) => {
    const texts = textsOf(badDay().pack());
    spoil(texts);
    const one = buildPostmortem(packOf(texts));
    expect(one.ok ? 'a page' : one.problem).toMatch(problem);
  });
});

it('what people wrote is text, and breaks no table', () => {
  const text = renderPostmortem(built(badDay().pack()));
  expect(text).toContain('a \\<script\\> \\| a ticket \\# came in');
  for (const line of text.split('\n').filter((one) => one.startsWith('|')))
    expect(line.replaceAll('\\|', '').match(/\|/g)?.length).toBeGreaterThan(2);
  expect(text).not.toMatch(/^# came in/m);
});

it('the same pack gives the same page, and the page is made of JSON', () => {
  const [one, two] = [built(badDay().pack()), built(badDay().pack())];
  expect(asJson(one)).toEqual(asJson(two));
  expect(renderPostmortem(asJson(one) as Postmortem)).toBe(renderPostmortem(two));
});

describe('a handover', () => {
  it('of an open rollout says where it stands, what it waits for, what is due and what was tried, as committed', async () => {
    const { report } = built(badDay().pack());
    const why = {
      blockers: [
        { kind: 'decision', sentence: 'sre: 0 of 1 have said go.', until: '2026-12-01T13:50:00Z', who: ['sre'] },
        { kind: 'pause', sentence: 'Paused by lee: lunch', until: null, who: ['anyone'] },
      ],
    } as const;
    const silent = [
      { channel: 'mail', since: clock('11:00'), sentence: 'The channel mail does not take what it is told.' },
    ];
    const item = { id: 'on-call', title: 'On-call confirmed', role: 'sre', due: null };
    const asked = aStatus().asked;
    const status = aStatus({ silent, asked: asked === null ? null : { ...asked, checklist: [item] } });
    const text = renderHandoff({ report, plan, now: { status, why, at: clock('12:00') } });
    await expect(text).toMatchFileSnapshot('../goldens/handoff.md');
  });

  it('made from a pack does not claim to know how it stands now', () => {
    const { report } = built(badDay().pack());
    const text = renderHandoff({ report, plan, now: null });
    expect(text).toContain('Now may be different');
    expect(text).toContain('0 %, rolled-back');
    expect(text).not.toContain('What is due');
  });
});
