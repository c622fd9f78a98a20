/** What is wrong with the form of a plan: found where it stands, told in words that help. */
import { expect, it } from 'vitest';
import { planText, planWith, problemsOf } from '../support/plan-text.js';

type Case = readonly [what: string, change: readonly [from: string, to: string], problems: readonly string[]];

it('finds nothing wrong with the plan that every case starts from', () => {
  expect(problemsOf(planText)).toEqual([]);
});

it.each<Case>([
  [
    'a key nobody knows',
    ['deadline: 12h', 'deadlin: 12h'],
    [
      '1:1: deadline: is missing; write a duration from 1 min to 90 d, such as 1m or 10m or 4h',
      '8:1: unknown key "deadlin"; known: apiVersion, kind, name, owner, description, flag, startAt, deadline, endAt, slis, preflight, watch, gate, stages, after, policy, checks, announce, comms. Did you mean "deadline"?',
    ],
  ],
  [
    'a key nobody knows, deeper',
    ['{ percent: 10, hold: 2h }', '{ precent: 10, hold: 2h }'],
    [
      '20:5: stages[0].percent: is missing; write a percentage above 0 and at most 100, with at most three decimals, such as 12.5',
      '20:7: unknown key "precent" in stages[0]; known: percent, hold, gate. Did you mean "percent"?',
    ],
  ],
  [
    'a key of a check',
    ['minEvents: 100', 'minEvent: 100'],
    [
      '24:42: unknown key "minEvent" in checks.saves; known: title, sli, promql, min, max, severity, consecutive, minEvents, window, gateWindow, compare, atLeast, atFull, detect, maxFailures, each. Did you mean "minEvents"?',
    ],
  ],
  ['another kind', ['kind: RolloutPlan', 'kind: Rollout'], ['2:7: kind: found "Rollout"; give "RolloutPlan"']],
  [
    'another version',
    ['holdpoint/v1', 'holdpoint/v2'],
    ['1:13: apiVersion: found "holdpoint/v2"; give "holdpoint/v1"'],
  ],
  [
    'no flag',
    ['flag:\n  store: local\n  environment: production\n  key: new-viewer\n', ''],
    ['1:1: flag: is missing; give a mapping of keys to values'],
  ],
  [
    'no flag key',
    ['  key: new-viewer\n', ''],
    [
      '4:1: flag.key: is missing; write a name of letters, digits, dots, hyphens and underscores, such as reporting-unified',
    ],
  ],
  [
    'a flag key with a space',
    ['key: new-viewer', 'key: new viewer'],
    [
      '7:8: flag.key: found "new viewer"; write a name of letters, digits, dots, hyphens and underscores, such as reporting-unified',
    ],
  ],
  [
    'a missing percent',
    ['- { percent: 50, hold: 2h }', '- { hold: 2h }'],
    [
      '21:5: stages[1].percent: is missing; write a percentage above 0 and at most 100, with at most three decimals, such as 12.5',
    ],
  ],
  [
    'a missing hold',
    ['- { percent: 50, hold: 2h }', '- percent: 50'],
    ['21:5: stages[1].hold: is missing; write a duration from 1 s to 30 d, such as 4s or 1m or 10m or 4h'],
  ],
  [
    'percent as text',
    ['percent: 50,', 'percent: "50",'],
    [
      '21:16: stages[1].percent: found "50"; write a percentage above 0 and at most 100, with at most three decimals, such as 12.5',
    ],
  ],
  [
    'percent above 100',
    ['percent: 100,', 'percent: 101,'],
    [
      '22:16: stages[2].percent: found 101; write a percentage above 0 and at most 100, with at most three decimals, such as 12.5',
    ],
  ],
  [
    'percent 0',
    ['percent: 10,', 'percent: 0,'],
    [
      '20:16: stages[0].percent: found 0; write a percentage above 0 and at most 100, with at most three decimals, such as 12.5',
    ],
  ],
  [
    'too many decimals',
    ['percent: 10,', 'percent: 10.0001,'],
    [
      '20:16: stages[0].percent: found 10.0001; write a percentage above 0 and at most 100, with at most three decimals, such as 12.5',
    ],
  ],
  [
    'no stages',
    [
      'stages:\n  - { percent: 10, hold: 2h }\n  - { percent: 50, hold: 2h }\n  - { percent: 100, hold: 2h }',
      'stages: []',
    ],
    ['19:1: stages: found an empty list; give at least 1 item'],
  ],
  [
    'a duration without unit',
    ['hold: 2h }\n  - { percent: 50', 'hold: 2 }\n  - { percent: 50'],
    ['20:26: stages[0].hold: found 2; write a duration from 1 s to 30 d, such as 4s or 1m or 10m or 4h'],
  ],
  [
    'a duration in words',
    ['deadline: 12h', 'deadline: half a day'],
    ['8:11: deadline: found "half a day"; write a duration from 1 min to 90 d, such as 1m or 10m or 4h'],
  ],
  [
    'a negative duration',
    ['percent: 50, hold: 2h', 'percent: 50, hold: -2h'],
    ['21:26: stages[1].hold: found "-2h"; write a duration from 1 s to 30 d, such as 4s or 1m or 10m or 4h'],
  ],
  [
    'a duration that is too long',
    ['percent: 50, hold: 2h', 'percent: 50, hold: 60d'],
    ['21:26: stages[1].hold: found "60d"; write a duration from 1 s to 30 d, such as 4s or 1m or 10m or 4h'],
  ],
  [
    'a start without zone',
    ['deadline: 12h', 'deadline: 12h\nstartAt: 2026-12-01T08:00:00'],
    [
      '9:10: startAt: found "2026-12-01T08:00:00"; write an instant with its zone, such as 2026-12-01T08:00:00Z or 2026-12-01T09:00:00+01:00',
    ],
  ],
  [
    'a day that does not exist',
    ['deadline: 12h', 'deadline: 12h\nstartAt: 2026-02-30T08:00:00Z'],
    [
      '9:10: startAt: found "2026-02-30T08:00:00Z"; write an instant with its zone, such as 2026-12-01T08:00:00Z or 2026-12-01T09:00:00+01:00',
    ],
  ],
  [
    'no severity',
    [', severity: block', ''],
    ['25:3: checks.p95.severity: is missing; allowed: rollback, block, warn, observe'],
  ],
  [
    'a severity nobody knows',
    ['severity: block', 'severity: blok'],
    ['25:46: checks.p95.severity: found "blok"; allowed: rollback, block, warn, observe. Did you mean "block"?'],
  ],
  [
    'an approver less',
    ['approvers: [{ role: sre }]', 'approvers: []'],
    ['17:5: gate.decision.approvers: found an empty list; give at least 1 item'],
  ],
  [
    'a deadline that lets things go',
    ['deadline: 1h', 'deadline: 1h\n    onDeadline: go'],
    ['19:17: gate.decision.onDeadline: found "go"; allowed: ask, pause, roll-back'],
  ],
  [
    'a rollback to a text',
    ['key: new-viewer', 'key: new-viewer\n  rollback: { set: { old-viewer: "off" } }'],
    ['8:34: flag.rollback.set.old-viewer: found "off"; give true or false'],
  ],
  [
    'a watch entry without a rhythm',
    ['checks: [saves, p95]\ngate', 'checks: [saves, { id: p95 }]\ngate'],
    ['13:19: watch.checks[1].every: is missing; write a duration from 1 s to 1 d, such as 4s or 1m or 10m or 4h'],
  ],
  [
    'a watch entry that is a number',
    ['checks: [saves, p95]\ngate', 'checks: [saves, 95]\ngate'],
    ['13:19: watch.checks[1]: found 95; write the name of a check, or { id: p95, every: 1h }'],
  ],
  [
    'a policy nobody knows',
    ['deadline: 12h', 'deadline: 12h\npolicy: { onNoGo: ask }'],
    ['9:19: policy.onNoGo: found "ask"; allowed: pause, roll-back'],
  ],
  ['a key twice', ['deadline: 12h', 'deadline: 12h\ndeadline: 13h'], ['9:1: this key stands twice; keep one']],
  [
    'a document twice',
    ['deadline: 12h', 'deadline: 12h\n---\na: 1'],
    ['9:1: a second document begins here; keep one document a file'],
  ],
  [
    'broken indentation',
    ['  guard: 15s', '   guard: 15s'],
    [
      '11:10: this is no YAML from here on (Nested mappings are not allowed in compact mappings); check the indentation, and put texts with { } [ ] , # or ": " in them into quotes',
    ],
  ],
  [
    'a tab',
    ['  guard: 15s', '	guard: 15s'],
    [
      '12:1: this is no YAML from here on (Tabs are not allowed as indentation); check the indentation, and put texts with { } [ ] , # or ": " in them into quotes',
    ],
  ],
  [
    'an alias to nothing',
    ['deadline: 12h', 'deadline: *d'],
    ['8:11: no anchor &d stands before this alias; write the value out'],
  ],
  [
    'a key that would hide',
    ['deadline: 12h', 'deadline: 12h\n__proto__: { a: 1 }'],
    ['9:1: unknown key "__proto__"; leave it out'],
  ],
  [
    'comparing with others',
    ['max: 800ms', 'compare: control, atLeast: 0.9, atFull: { compare: before }'],
    [
      '25:3: checks.p95: has no limit; give it a min or a max, such as min: 0.995',
      '25:33: checks.p95.compare: comparing with users outside the rollout is not built yet; write compare: before, or give a min or a max',
      '25:56: checks.p95.atFull: comparing with users outside the rollout is not built yet; leave it out',
    ],
  ],
  [
    'comparing with whatever',
    ['max: 800ms', 'max: 800ms, compare: yesterday'],
    ['25:45: checks.p95.compare: found "yesterday"; write compare: before'],
  ],
  [
    'more than the baseline',
    ['sli: api-p95, max: 800ms', 'sli: signs, compare: before, atLeast: 1.1'],
    ['25:48: checks.p95.atLeast: found 1.1; give a number of at most 1'],
  ],
  [
    'detect',
    ['minEvents: 100', 'minEvents: 100, detect: 0.98'],
    [
      '24:66: checks.saves.detect: the sequential detector is not built yet; leave it out, `consecutive` failing windows roll back',
    ],
  ],
  [
    'each',
    ['max: 800ms', 'max: 800ms, each: endpoint'],
    ['25:42: checks.p95.each: is not built yet; leave it out, or write one check per label value with promql'],
  ],
  [
    'traffic',
    ['  p95: {', '  traffic: { severity: rollback }\n  p95: {'],
    [
      '25:3: checks.traffic: the built-in check "traffic" is not built yet; leave it out, or give your own check another name',
    ],
  ],
  [
    'after',
    ['deadline: 12h', 'deadline: 12h\nafter: { items: [] }'],
    ['9:1: after.checklist: is missing; give a list', '9:10: unknown key "items" in after; known: checklist.'],
  ],
  [
    'an unknown probe and a due that is no duration',
    [
      'deadline: 12h',
      'deadline: 12h\npreflight: { checklist: [{ id: a, title: A, probe: x }, { id: b, title: B, role: sre, due: soon }] }',
    ],
    [
      '9:52: preflight.checklist[0].probe: found "x"; allowed: metrics-have-data, flag-reads-back',
      '9:92: preflight.checklist[1].due: found "soon"; write a duration from -30 d to 30 d, such as 500ms or 4s or 1m or 10m or 4h or -4h',
    ],
  ],
  [
    'a name of a check',
    ['  p95: {', '  P 95: { sli: api-p95, max: 1s, severity: warn }\n  p95: {'],
    [
      '25:3: checks.P 95: found the key "P 95"; write a name of lower-case letters, digits and hyphens, such as autosave-success',
    ],
  ],
  [
    'a key without a value',
    ['deadline: 12h', 'deadline:'],
    ['8:10: deadline: found null; write a duration from 1 min to 90 d, such as 1m or 10m or 4h'],
  ],
])('%s', (_, [from, to], problems) => {
  expect(problemsOf(planWith(from, to))).toEqual(problems);
});
