/** What no single field shows: rules between the parts of a plan. */
import { expect, it } from 'vitest';
import { planText, planWith, problemsOf } from '../support/plan-text.js';

type Case = readonly [what: string, change: readonly [from: string, to: string], problems: readonly string[]];

it.each<Case>([
  [
    'falling percentages',
    ['percent: 50,', 'percent: 5,'],
    ['21:16: stages[1].percent: found 5 after 10; percentages must rise from stage to stage'],
  ],
  [
    'the same percent twice',
    ['percent: 50,', 'percent: 10,'],
    ['21:16: stages[1].percent: found 10 after 10; percentages must rise from stage to stage'],
  ],
  [
    'an end below 100',
    ['  - { percent: 100, hold: 2h }\n', ''],
    [
      '21:16: stages[1].percent: the last stage is at 50 %, the rollout ends at 100 %; add a stage with percent: 100, or say that it ends here with endAt: 50',
    ],
  ],
  [
    'an end that is not reached',
    ['deadline: 12h', 'deadline: 12h\nendAt: 50'],
    [
      '23:16: stages[2].percent: the last stage is at 100 %, the rollout ends at 50 %; make the last stage 50 %, or write endAt: 100',
    ],
  ],
  [
    'holds that do not fit',
    ['deadline: 12h', 'deadline: 5h'],
    [
      '8:11: deadline: the holds last 6 h and the longest wait for a decision 1 h: more than the deadline of 5 h; write a longer deadline, or shorter holds',
    ],
  ],
  [
    'a late answer that does not fit',
    ['deadline: 12h', 'deadline: 6h'],
    [
      '8:11: deadline: the holds last 6 h and the longest wait for a decision 1 h: more than the deadline of 6 h; write a longer deadline, or shorter holds',
    ],
  ],
  [
    'a check nobody defined',
    ['checks: [saves, p95]\n  decision', 'checks: [save, p95]\n  decision'],
    ['15:12: gate.checks[0]: there is no check "save" under checks; there are saves, p95. Did you mean "saves"?'],
  ],
  [
    'a comparison with nothing',
    ['sli: api-p95, max: 800ms', 'sli: save-success, compare: before'],
    [
      '25:38: checks.p95.compare: the SLI "save-success" has no baseline; give it one in the catalogue, such as baseline: { over: 1d, ago: 1d, within: 0.1 }, or leave compare out and give a min',
    ],
  ],
  [
    'a comparison of what has no baseline',
    ['sli: api-p95, max: 800ms', 'sli: api-p95, compare: before'],
    [
      '25:33: checks.p95.compare: only a ratio of good events has a baseline, and "api-p95" is none; leave it out and give a max',
    ],
  ],
  [
    'a comparison of bad events',
    ['sli: api-p95, max: 800ms', 'sli: save-errors, compare: before'],
    [
      '25:37: checks.p95.compare: only a ratio of good events has a baseline, and "save-errors" is none; leave it out and give a max',
    ],
  ],
  [
    'a comparison of a query',
    ['sli: api-p95, max: 800ms', "promql: 'sum(rate(x[$window]))', compare: before"],
    ['25:52: checks.p95.compare: a promql has no baseline; compare an sli, or leave it out and give a min or a max'],
  ],
  [
    'a comparison with two limits',
    ['sli: api-p95, max: 800ms', 'sli: signs, compare: before, min: 0.9'],
    ['25:44: checks.p95.min: is compared with its baseline; write atLeast, such as atLeast: 0.9, or leave compare out'],
  ],
  [
    'a share of a baseline where nothing is compared',
    ['sli: api-p95, max: 800ms', 'sli: signs, min: 0.9, atLeast: 0.8'],
    ['25:41: checks.p95.atLeast: is how much of a baseline passes; add compare: before, or write min: 0.8'],
  ],
  [
    'a watched check nobody defined',
    ['checks: [saves, p95]\ngate', 'checks: [saves, { id: p59, every: 1h }]\ngate'],
    ['13:25: watch.checks[1].id: there is no check "p59" under checks; there are saves, p95. Did you mean "p95"?'],
  ],
  [
    'an SLI the catalogue lacks',
    ['sli: api-p95', 'sli: api-p59'],
    [
      '25:15: checks.p95.sli: there is no SLI "api-p59" in slis.yaml; there are save-success, save-errors, save-burn, api-p95, conflicts, drafts, signs. Did you mean "api-p95"?',
    ],
  ],
  [
    'an SLI without a catalogue',
    ['slis: slis.yaml\n', ''],
    [
      '23:17: checks.saves.sli: "save-success" needs a catalogue; say where it is, such as slis: ../slis/reporting.yaml, or use promql',
      '24:15: checks.p95.sli: "api-p95" needs a catalogue; say where it is, such as slis: ../slis/reporting.yaml, or use promql',
    ],
  ],
  [
    'two sources',
    ['sli: api-p95,', 'sli: api-p95, promql: up,'],
    ['25:32: checks.p95.promql: there is an sli, too; keep one of them'],
  ],
  [
    'no source',
    ['sli: api-p95, ', ''],
    ['25:3: checks.p95: asks nothing; give it an sli, such as sli: autosave-success, or a promql'],
  ],
  [
    'two limits',
    ['max: 800ms', 'max: 800ms, min: 0'],
    ['25:29: checks.p95.max: there is a min, too; keep one, or write two checks'],
  ],
  ['no limit', ['max: 800ms, ', ''], ['25:3: checks.p95: has no limit; give it a min or a max, such as min: 0.995']],
  [
    'milliseconds without a unit',
    ['max: 800ms', 'max: 800'],
    ['25:29: checks.p95.max: found 800; it is a time: write a duration, such as 800ms or 2s'],
  ],
  [
    'a share in percent',
    ['min: 0.99,', 'min: 99%,'],
    ['24:36: checks.saves.min: found "99%"; it is a share: write a number from 0 to 1, such as 0.995'],
  ],
  [
    'a share above 1',
    ['min: 0.99,', 'min: 99,'],
    ['24:36: checks.saves.min: found 99; it is a share: write a number from 0 to 1, such as 0.995'],
  ],
  [
    'a share as duration',
    ['min: 0.99,', 'min: 2s,'],
    ['24:36: checks.saves.min: found "2s"; it is a share: write a number from 0 to 1, such as 0.995'],
  ],
  [
    'the wrong direction',
    ['max: 800ms', 'min: 800ms'],
    ['25:29: checks.p95.min: with min it would pass when things are bad, for low is good here; write max: 800ms'],
  ],
  [
    'the wrong direction of an error share',
    ['{ sli: api-p95, max: 800ms', '{ sli: save-errors, min: 0.01'],
    ['25:33: checks.p95.min: with min it would pass when things are bad, for low is good here; write max: 0.01'],
  ],
  [
    'broken PromQL',
    ['sli: api-p95, max: 800ms', "promql: 'sum(rate(x[5m])', max: 1"],
    ['25:18: checks.p95.promql: this is no PromQL from character 16 on, where it ends too early'],
  ],
  [
    'an unsafe ratio',
    ['sli: api-p95, max: 800ms', "promql: 'sum(rate(bad[5m])) / sum(rate(all[5m]))', max: 1"],
    [
      '25:18: checks.p95.promql: without traffic this ratio is NaN or hides it; write (sum(rate(bad[5m])) or 0 * sum(rate(all[5m]))) / (sum(rate(all[5m])) > 0)',
    ],
  ],
  [
    'a fallback that hides a dead target',
    ['sli: api-p95, max: 800ms', "promql: 'sum(rate(bad[5m])) or vector(0)', max: 1"],
    [
      '25:18: checks.p95.promql: "or vector(0)" makes a number out of no data, so a dead target would pass; leave it out',
    ],
  ],
  [
    'a query that reads only the past',
    ['sli: api-p95, max: 800ms', "promql: 'sum(rate(x[5m] offset 1d))', max: 1"],
    [
      '25:18: checks.p95.promql: the query reads no metric as it is now: offset, @ and absent( ) alone say nothing of the present',
    ],
  ],
  [
    'a longer range beside $window',
    ['sli: api-p95, max: 800ms', "promql: 'sum(rate(x[$window])) - sum(rate(x[6h]))', window: 5m, max: 1"],
    [
      '25:18: checks.p95.promql: looks back 6 h, longer than the hold of 2 h in stages[0], so it could never pass there; its query fixes that window: use another source, or a longer hold',
    ],
  ],
  [
    'a gate over the whole stage beside a range of its own',
    [
      'sli: api-p95, max: 800ms',
      "promql: 'sum(rate(x[$window])) - sum(rate(x[1h]))', window: 5m, gateWindow: stage, max: 1",
    ],
    [
      '25:86: checks.p95.gateWindow: the source always looks back 1 h, so gateWindow would say nothing; leave it out, or have no longer range beside $window',
    ],
  ],
  [
    'events that are not counted',
    ['{ sli: api-p95, max: 800ms', '{ sli: conflicts, max: 2, minEvents: 5'],
    [
      '25:45: checks.p95.minEvents: this source counts no events, so they would never be enough; leave it out, or use an SLI of kind ratio or quantile',
    ],
  ],
  [
    'a window longer than the hold',
    ['{ sli: api-p95, max: 800ms', '{ sli: api-p95, max: 800ms, window: 3h'],
    [
      '25:44: checks.p95.window: looks back 3 h, longer than the hold of 2 h in stages[0], so it could never pass there; write a window of at most that, or a longer hold',
    ],
  ],
  [
    'a window where the SLI has its own',
    ['{ sli: api-p95, max: 800ms', '{ sli: save-burn, max: 3, window: 5m'],
    ['25:42: checks.p95.window: the source always looks back 1 h, so window would say nothing; leave it out'],
  ],
  [
    'a limit that cannot be read, without calling it missing',
    ['max: 800ms', 'max: [1]'],
    ['25:24: checks.p95.max: found a list; write a number such as 0.995, or a duration such as 800ms'],
  ],
  [
    'a source that cannot be read, without calling it missing',
    ['sli: api-p95', 'sli: 7'],
    [
      '25:15: checks.p95.sli: found 7; write a name of lower-case letters, digits and hyphens, such as autosave-success',
    ],
  ],
  [
    'a catalogue that cannot be read, without calling it missing',
    ['slis: slis.yaml', 'slis: 7'],
    ['9:7: slis: found 7; write a text'],
  ],
  [
    'an end that cannot be read, without guessing another',
    ['  - { percent: 100, hold: 2h }\n', 'endAt: "50"\n'],
    ['22:8: endAt: found "50"; write a percentage above 0 and at most 100, with at most three decimals, such as 12.5'],
  ],
  [
    'a decision that cannot be read, without calling it missing',
    [
      '  checks: [saves, p95]\n  decision:\n    approvers: [{ role: sre }]\n    deadline: 1h\n',
      '  decision: release-manager\n',
    ],
    ['15:13: gate.decision: found "release-manager"; give a mapping of keys to values'],
  ],
  [
    'a gate that opens by itself',
    [
      'gate:\n  checks: [saves, p95]\n  decision:\n    approvers: [{ role: sre }]\n    deadline: 1h\n',
      'gate: { checks: [] }\n',
    ],
    [
      '14:1: gate: the gate at 10 %, 50 %, 100 % has neither a check nor a decision, so it would open by itself; give it a decision, or a check of severity block or rollback',
    ],
  ],
  [
    'the same role twice',
    ['approvers: [{ role: sre }]', 'approvers: [{ role: sre }, { role: sre }]'],
    ['17:32: gate.decision.approvers[1]: "sre" stands twice; keep one'],
  ],
  [
    'a reminder after the deadline',
    ['deadline: 1h', 'deadline: 1h\n    remindEvery: 2h'],
    [
      '19:18: gate.decision.remindEvery: the first reminder after 2 h does not come before the deadline of 1 h; write less',
    ],
  ],
  [
    'checklist items that nobody answers, or two do',
    [
      'deadline: 12h',
      'deadline: 12h\npreflight: { checklist: [{ id: a, title: A }, { id: b, title: B, role: sre, probe: flag-reads-back }, { id: c, title: C, probe: flag-reads-back, due: 1h }] }\nafter: { checklist: [{ id: d, title: D, probe: flag-reads-back }] }',
    ],
    [
      '9:26: preflight.checklist[0]: nobody answers it; give it a role that attests it, or a probe',
      '9:72: preflight.checklist[1].role: a probe answers it, so nobody attests it; leave the role out',
      '9:151: preflight.checklist[2].due: a probe answers at each look of the gate; leave the due time out',
      '10:48: after.checklist[0].probe: nothing is looked at after the bake; give it a role',
    ],
  ],
  [
    'due times that never come',
    [
      'deadline: 12h',
      'deadline: 12h\npreflight: { checklist: [{ id: a, title: A, role: sre, due: -4h }] }\nafter: { checklist: [{ id: d, title: D, role: sre, due: -1h }, { id: d, title: D, role: sre, phase: T-4h }] }',
    ],
    [
      '9:61: preflight.checklist[0].due: nobody knows when 4 h before the start is; add startAt, or write a time that is not negative',
      '10:57: after.checklist[0].due: the list begins when the bake is over; write a time above 0',
      '10:64: after.checklist[1]: "d" stands twice; keep one',
      '10:101: after.checklist[1].phase: only a preflight item has a phase; leave it out here',
    ],
  ],
  [
    'a due time before its hold',
    [
      'checks: [saves, p95]\n  decision',
      'checks: [saves, p95]\n  checklist: [{ id: a, title: A, role: sre, due: -30d }]\n  decision',
    ],
    ['16:50: gate.checklist[0].due: a hold of 2 h has no time 30 d before its end; write less'],
  ],
  [
    'a rollback of the flag itself',
    ['key: new-viewer', 'key: new-viewer\n  rollback: { set: { new-viewer: false } }'],
    [
      '8:34: flag.rollback.set.new-viewer: "new-viewer" is the flag of this rollout, a rollback sets it to 0 percent anyway; name other flags here, or none',
    ],
  ],
  [
    'a check twice in a list',
    ['checks: [saves, p95]\n  decision', 'checks: [saves, saves]\n  decision'],
    ['15:19: gate.checks[1]: "saves" stands twice; keep one'],
  ],
  [
    'a guard slower than the looks',
    ['every: 15m\n  guard: 15s', 'every: 1m\n  guard: 5m'],
    ['12:10: watch.guard: the guard every 5 min is slower than a look every 1 min; write a shorter guard'],
  ],
  [
    'a check asked more often than a look comes',
    ['checks: [saves, p95]\ngate', 'checks: [saves, { id: p95, every: 1m }]\ngate'],
    [
      '13:37: watch.checks[1].every: a look comes only every 15 min, so p95 cannot be asked every 1 min; write at least 15 min',
    ],
  ],
  [
    'then without after',
    ['deadline: 12h', 'deadline: 12h\npolicy: { onDeadline: { do: ask, then: roll-back } }'],
    ['9:40: policy.onDeadline.then: then says nothing alone; add after: 1h, or leave it out'],
  ],
  [
    'a gate window where the SLI has its own',
    ['{ sli: api-p95, max: 800ms', '{ sli: save-burn, max: 3, gateWindow: stage'],
    ['25:46: checks.p95.gateWindow: the source always looks back 1 h, so gateWindow would say nothing; leave it out'],
  ],
  [
    'too many looks',
    ['every: 15m', 'every: 15s'],
    [
      '11:10: watch.every: 1,440 looks would leave about 15,939 history events a day, the most is 4,000; look less often: the guard judges in between without leaving any',
    ],
  ],
  [
    'no metric',
    ['sli: api-p95, max: 800ms', "promql: '42', max: 1"],
    ['25:18: checks.p95.promql: the query reads no metric, so it would say the same whatever happens'],
  ],
  [
    'comparison',
    ['sli: api-p95, max: 800ms', "promql: 'sum(rate(x[5m])) > 5', max: 1"],
    [
      '25:18: checks.p95.promql: a comparison gives nothing while it is false; leave it out, the limit stands in min or max',
    ],
  ],
  [
    'a window of a query of its own',
    ['sli: api-p95, max: 800ms', "promql: 'sum(rate(x[5m]))', max: 1, window: 5m"],
    [
      '25:54: checks.p95.window: the source always looks back 5 min, so window would say nothing; leave it out, or write $window in the query',
    ],
  ],
  [
    'negative limit',
    ['{ sli: api-p95, max: 800ms', '{ sli: conflicts, max: -1'],
    ['25:31: checks.p95.max: found -1; it is events per minute: write a number of at least 0, such as 1.5'],
  ],
  [
    "a window of the SLI's own that is longer than the hold",
    [
      '- { percent: 10, hold: 2h }\n  - { percent: 50, hold: 2h }\n  - { percent: 100, hold: 2h }\nchecks:\n  saves: { sli: save-success, min: 0.99, minEvents: 100, severity: rollback }\n  p95: { sli: api-p95, max: 800ms',
      '- { percent: 10, hold: 45m }\n  - { percent: 100, hold: 2h }\nchecks:\n  saves: { sli: save-success, min: 0.99, minEvents: 100, severity: rollback }\n  p95: { sli: save-burn, max: 3',
    ],
    [
      '24:15: checks.p95.sli: looks back 1 h, longer than the hold of 45 min in stages[0], so it could never pass there; its query fixes that window: use another source, or a longer hold',
    ],
  ],
])('refuses %s', (_, [from, to], problems) => {
  expect(problemsOf(planWith(from, to))).toEqual(problems);
});

it.each<Case>([
  [
    'all answers late do not fit',
    ['deadline: 12h', 'deadline: 8h'],
    [
      '8:11: warning: deadline: if every decision takes its whole time, the rollout lasts 9 h, more than the deadline of 8 h',
    ],
  ],
  [
    'nothing rolls back',
    ['severity: rollback', 'severity: block'],
    ['13:3: warning: watch.checks: no check here has severity rollback: nothing rolls back by itself'],
  ],
  [
    'not watched',
    ['checks: [saves, p95]\ngate', 'checks: [p95]\ngate'],
    [
      '13:3: warning: watch.checks: no check here has severity rollback: nothing rolls back by itself',
      '24:68: warning: checks.saves.severity: the check is not in watch.checks, so it never rolls back, it only blocks its gate; add it there, or write severity: block',
    ],
  ],
  [
    'no minEvents',
    ['minEvents: 100, ', ''],
    [
      '24:3: warning: checks.saves: has no minEvents: at night, a few events could roll back; add one, such as minEvents: 300',
    ],
  ],
  [
    'unused',
    ['  p95: {', '  drafts: { sli: drafts, max: 100, severity: warn }\n  p95: {'],
    ['25:3: warning: checks.drafts: is in no gate and not in watch.checks: it is never asked'],
  ],
  [
    'streak',
    ['minEvents: 100,', 'minEvents: 100, consecutive: 20,'],
    [
      '24:3: warning: checks.saves: needs 20 failing samples 15 min apart to roll back, longer than the shortest hold of 2 h; a shorter window, or fewer with consecutive, would be faster',
    ],
  ],
  [
    "a stage's gate with checks that never block",
    [
      'severity: rollback }\n  p95: { sli: api-p95, max: 800ms, severity: block }',
      'severity: observe }\n  p95: { sli: api-p95, max: 800ms, severity: warn }',
    ],
    ['13:3: warning: watch.checks: no check here has severity rollback: nothing rolls back by itself'],
  ],
  [
    'windows counted by a check that never rolls back',
    ['severity: block', 'severity: block, consecutive: 5'],
    ['25:66: warning: checks.p95.consecutive: only a check of severity rollback counts windows; leave it out'],
  ],
  [
    'a due time after the decision, also of a stage that has no decision of its own',
    [
      'checks: [saves, p95]\n  decision',
      'checks: [saves, p95]\n  checklist: [{ id: a, title: A, role: sre, due: 1h }, { id: b, title: B, role: sre, due: 59m }]\n  decision',
    ],
    [
      '16:50: warning: gate.checklist[0].due: people have decided by then, 1 h after they were asked; write less than that',
    ],
  ],
  [
    'several series',
    ['sli: api-p95, max: 800ms', "promql: 'rate(x[5m])', max: 1"],
    [
      '25:18: warning: checks.p95.promql: this query may give several series, and then it is no number; put sum( ) or max( ) around it',
    ],
  ],
])('warns of %s', (_, [from, to], problems) => {
  expect(problemsOf(planWith(from, to))).toEqual(problems);
});

it('warns of a window and a gate window that nothing reads', () => {
  const unwatched = planWith('checks: [saves, p95]\ngate', 'checks: [saves]\ngate');
  expect(problemsOf(unwatched.replace('max: 800ms', 'max: 800ms, window: 5m'))).toEqual([
    '25:44: warning: checks.p95.window: no look asks it, and a gate reads everything since the flip unless gateWindow is watch; leave it out',
  ]);
  expect(problemsOf(unwatched.replace('max: 800ms', 'max: 800ms, window: 5m, gateWindow: watch'))).toEqual([]);
  const ungated = planWith('gate:\n  checks: [saves, p95]', 'gate:\n  checks: [saves]');
  expect(problemsOf(ungated.replace('max: 800ms', 'max: 800ms, gateWindow: stage'))).toEqual([
    '25:48: warning: checks.p95.gateWindow: the check is in no gate; leave it out',
  ]);
});

it('a catalogue that is named and not given is a problem, not an exception', () => {
  expect(problemsOf(planText, null)).toEqual([
    '9:7: slis: slis.yaml was not given along with the plan; give its text, too',
  ]);
});
