/** Wrong templates: every problem with its line, its column and a fix. */
import { describe, expect, it } from 'vitest';
import { checkTemplate } from '../../src/comms/check-template.js';
import { renderProblem } from '../../src/documents/problem.js';

const front = {
  title: 'title: First word',
  moment: 'moment: incident-initial',
  medium: 'medium: email',
  audience: 'audience: customers',
  subject: 'subject: "Problem: {{ IMPACT }}"',
  fields: 'fields: { IMPACT: send, NEXT_UPDATE_TIME: send }',
};
const body = 'What is wrong: {{ IMPACT }}\n\nMore by {{ NEXT_UPDATE_TIME }}.\n';

const textOf = (over: Partial<typeof front> = {}, text = body): string =>
  ['---', ...Object.values({ ...front, ...over }).filter((line) => line !== ''), '---', text].join('\n');

function problemsOf(text: string): string[] {
  const checked = checkTemplate(text, { name: 'first', file: 'first.liquid' });
  return checked.ok ? [] : checked.problems.map(renderProblem);
}

it('a right one has no problems, with any line breaks', () => {
  expect(problemsOf(textOf())).toEqual([]);
  expect(problemsOf(textOf().replaceAll('\n', '\r\n'))).toEqual([]);
});

describe('says at its line and column', () => {
  it.each<[what: string, text: string, problem: RegExp]>([
    ['no front matter', body, /^first\.liquid:1:1: has no front matter; begin it with a line ---/],
    ['an open front matter', textOf().replace(/---\nWhat/, 'What'), /^first\.liquid:1:1: has no front matter/],
    [
      'an unknown key',
      textOf().replace('audience: customers', 'audience: customers\ntitel: x'),
      /^first\.liquid:6:1: unknown key "titel"; known: .*Did you mean "title"\?/,
    ],
    [
      'an unknown moment',
      textOf({ moment: 'moment: incident-intial' }),
      /^first\.liquid:3:9: moment: .*Did you mean "incident-initial"\?/,
    ],
    [
      'an unknown audience',
      textOf({ audience: 'audience: all' }),
      /^first\.liquid:5:11: audience: found "all"; allowed: customers, staff/,
    ],
    [
      'a field that is none',
      textOf({ fields: 'fields: { IMPACT: send, NEXT_UPDATE_TIM: send }' }),
      /^first\.liquid:7:25: unknown key "NEXT_UPDATE_TIM" in fields; .*Did you mean "NEXT_UPDATE_TIME"\?/,
    ],
    [
      'a field given by nobody',
      textOf({ fields: 'fields: { IMPACT: later, NEXT_UPDATE_TIME: send }' }),
      /^first\.liquid:7:19: fields\.IMPACT: found "later"; allowed: plan, send, optional/,
    ],
    [
      'an unknown field in the text',
      textOf({}, `${body}{{ IMPACTS }}\n`),
      /^first\.liquid:12:4: unknown field "IMPACTS"; people fill in IMPACT, .*Holdpoint fills in plan\.name, .*Did you mean "IMPACT"\?/,
    ],
    [
      'an unknown fact in the text',
      textOf({}, `${body}  {{ rollout.percnt }}\n`),
      /^first\.liquid:12:6: unknown field "rollout\.percnt"; .*Did you mean "rollout\.percent"\?/,
    ],
    ['half a fact', textOf({}, `${body}{{ rollout }}\n`), /^first\.liquid:12:4: unknown field "rollout"/],
    [
      'an unknown field in the subject',
      textOf({ subject: 'subject: "{{ WHAT }}"' }),
      /^first\.liquid:6:10: unknown field "WHAT"/,
    ],
    [
      'an unknown field in a condition',
      textOf({}, `${body}{% if SEVERITY == 1 %}x{% endif %}\n`),
      /^first\.liquid:12:7: unknown field "SEVERITY"/,
    ],
    [
      'a field that is not declared',
      textOf({}, `${body}{{ ETA }}\n`),
      /^first\.liquid:12:4: ETA is not among the template's fields; add it to its front matter, such as fields: \{ ETA: send \}/,
    ],
    [
      'a field that is never shown',
      textOf({ fields: 'fields: { IMPACT: send, ETA: send, NEXT_UPDATE_TIME: send }' }),
      /^first\.liquid:7:30: fields\.ETA: the text never shows \{\{ ETA \}\}/,
    ],
    [
      'a tag that is not closed',
      textOf({}, `${body}\n{% if IMPACT %}x`),
      /^first\.liquid:13:1: this is no Liquid: tag \{% if IMPACT %\} not closed;/,
    ],
    [
      'a value that is not closed',
      textOf({}, `${body}{{ IMPACT`),
      /^first\.liquid:12:1: this is no Liquid: output "\{\{ IMPACT" not closed/,
    ],
    [
      'an unknown tag',
      textOf({}, `${body}{% iff IMPACT %}`),
      /^first\.liquid:12:1: this is no Liquid: tag "iff" not found/,
    ],
    [
      'an unknown filter',
      textOf({}, `${body}{{ IMPACT | shout }}`),
      /^first\.liquid:12:1: this is no Liquid: undefined filter: shout/,
    ],
    [
      'another file',
      textOf({}, `${body}{% include "../../etc/passwd" %}`),
      /^first\.liquid:12:1: this is no Liquid: tag "include" not found/,
    ],
    ['a mail without a subject', textOf({ subject: '' }), /^first\.liquid:4:9: medium: email needs a subject/],
    [
      'a subject where there is none',
      textOf({ medium: 'medium: slack' }),
      /^first\.liquid:6:10: subject: slack has none; leave it out/,
    ],
    [
      'an incident without the next word',
      textOf({ fields: 'fields: { IMPACT: send }' }, 'What is wrong: {{ IMPACT }}'),
      /^first\.liquid:3:9: moment: incident-initial has to say when readers hear more/,
    ],
  ])('%s', (...[, text, problem]) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  it('all of several at once', () => {
    const problems = problemsOf(textOf({ subject: '' }, `${body}{{ ONE }}\n{{ TWO }}\n`));
    expect(problems.map((one) => one.split(': ')[0])).toEqual([
      'first.liquid:4:9',
      'first.liquid:11:4',
      'first.liquid:12:4',
    ]);
  });
});

it('a loop has variables of its own, and a list can be counted', () => {
  const text =
    '{% for step in PREVENTION_STEPS %}{{ forloop.index }}/{{ PREVENTION_STEPS.size }} {{ step }}{% endfor %}';
  const over = {
    moment: 'moment: incident-final',
    subject: 'subject: Over',
    fields: 'fields: { PREVENTION_STEPS: send }',
  };
  expect(problemsOf(textOf(over, text))).toEqual([]);
});
