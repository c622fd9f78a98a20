/** What readers get, and what is missing; fields are typed, and nothing in them becomes markup. */
import { describe, expect, it } from 'vitest';
import { checkTemplate } from '../../src/comms/check-template.js';
import { factsOf } from '../../src/comms/facts.js';
import { loadTemplates } from '../../src/comms/load-templates.js';
import { renderTemplate } from '../../src/comms/render-template.js';
import { fieldNames, readField, type FieldInput, type FieldName } from '../../src/comms/template-fields.js';
import type { Template } from '../../src/comms/template.js';
import { aPlan } from '../support/a-plan.js';
import { aStatus } from '../support/a-status.js';

const nowMs = Date.parse('2026-12-01T12:00:20Z');
const plan = aPlan();
const facts = (status = true) => factsOf({ plan, status: status ? aStatus() : null, by: 'mira', nowMs });

function template(medium: string, fields: string, text: string): Template {
  const front = `---\ntitle: t\nmoment: handoff\nmedium: ${medium}\naudience: staff\nfields: { ${fields} }\n---\n`;
  const checked = checkTemplate(`${front}${text}`, { name: 't', file: 't.liquid' });
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return checked.template;
}

describe('a field', () => {
  it.each<[FieldName, FieldInput, string]>([
    ['IMPACT', '  Saving\n is  slow ', 'Saving is slow'],
    ['IMPACT', 'up\u001b[2J\u2028down', 'up [2J down'],
    ['ETA', 'unknown', 'not known yet'],
    ['ETA', '2026-12-01T15:00:00+01:00', '2026-12-01 14:00 UTC'],
    ['NEXT_UPDATE_TIME', '60m', '2026-12-01 13:01 UTC'],
    ['PREVENTION_STEPS', 'one; two ;', 'one, two'],
    ['PREVENTION_STEPS', ['one', ' two '], 'one, two'],
  ])('%s %j reads as %s', (...[name, input, wanted]) => {
    const read = readField(name, input, nowMs);
    expect(read.ok ? [read.value].flat().join(', ') : read.problem).toBe(wanted);
  });

  it.each<[FieldName, FieldInput, RegExp]>([
    ['IMPACT', ' \n', /^IMPACT: found " \n"; write a sentence/],
    ['IMPACT', ['a', 'b'], /found a list; write a sentence/],
    ['ETA', 'soon', /found "soon"; write an instant such as .*, or unknown/],
    ['NEXT_UPDATE_TIME', 'unknown', /^NEXT_UPDATE_TIME: found "unknown"; write an instant/],
    ['NEXT_UPDATE_TIME', '2026-12-01T13:00', /write an instant/],
    ['NEXT_UPDATE_TIME', '2026-12-01T11:00:00Z', /that is over; write a time to come/],
    ['NEXT_UPDATE_TIME', '-5m', /that is over/],
    ['PREVENTION_STEPS', ' ; ', /write steps/],
  ])('%s %j is refused', (...[name, input, problem]) => {
    const read = readField(name, input, nowMs);
    expect(read.ok ? 'taken' : read.problem).toMatch(problem);
  });
});

it('what is missing stands in brackets, and is said', () => {
  const one = template(
    'slack',
    'IMPACT: send, NEXT_UPDATE_TIME: send, WORKAROUND: optional',
    '{{ IMPACT }} at {{ rollout.percent }}, {{ NEXT_UPDATE_TIME }}{% if WORKAROUND %}!{% endif %}',
  );
  const rendered = renderTemplate(one, { fields: { NEXT_UPDATE_TIME: 'soon' }, facts: facts(false), nowMs });
  expect(rendered.text).toBe('[IMPACT] at [rollout.percent], [NEXT_UPDATE_TIME]');
  expect(rendered.nextUpdateAt).toBeNull();
  expect(rendered.missing).toEqual([
    expect.stringMatching(/^IMPACT is missing\. .* Give it with: --field "IMPACT=…"$/),
    expect.stringMatching(/^NEXT_UPDATE_TIME: found "soon"/),
    expect.stringMatching(/^rollout\.percent is not known: there is no rollout yet/),
  ]);
});

it('a promise is an instant, also for the reminder', () => {
  const one = template('slack', 'NEXT_UPDATE_TIME: send', '{{ NEXT_UPDATE_TIME }}');
  expect(renderTemplate(one, { fields: { NEXT_UPDATE_TIME: '60m' }, facts: facts(), nowMs })).toEqual({
    subject: null,
    text: '2026-12-01 13:01 UTC',
    nextUpdateAt: '2026-12-01T13:01:00.000Z',
    missing: [],
  });
});

it.each([
  ['slack', '&lt;!channel&gt; &amp; {{ ACTION }} | safe'],
  ['in-app', '<!channel> & {{ ACTION }} | safe'],
])('in %s a field is text, and no template', (medium, wanted) => {
  const one = template(medium, 'IMPACT: send', '{{ IMPACT }} | {{ "safe" }}');
  const fields = { IMPACT: '<!channel> & {{ ACTION }}' };
  expect(renderTemplate(one, { fields, facts: facts(), nowMs }).text).toBe(wanted);
});

it('every template that is shipped renders whole for a rollout, as committed', async () => {
  const loaded = await loadTemplates('ops/comms');
  if (loaded.kind === 'no-folder') throw new Error(loaded.why);
  expect(loaded.problems).toEqual([]);
  const said: Readonly<Record<FieldName, FieldInput>> = {
    IMPACT: 'Saving a report takes up to a minute for some users',
    WORKAROUND: 'Open the report in the old viewer',
    ACTION: 'We have taken the new viewer back, and look for the cause',
    ETA: '2h',
    NEXT_UPDATE_TIME: '60m',
    ROOT_CAUSE: 'The new code path lost its connections under load',
    RESOLUTION: 'The new viewer was taken back',
    PREVENTION_STEPS: ['Alert on save latency', 'Try it under load before the rollout'],
  };
  expect(Object.keys(said)).toEqual([...fieldNames]);
  const whole = {
    ...plan,
    owner: 'reporting-team',
    description: 'The new report viewer',
    startAt: '2026-12-02T08:00:00.000Z',
  };
  const about = factsOf({ plan: whole, status: aStatus(), by: 'mira', nowMs });
  const texts = loaded.templates.map((one) => {
    const { subject, text, missing } = renderTemplate(one, { fields: said, facts: about, nowMs });
    expect(missing).toEqual([]);
    expect(text).not.toMatch(/\[[A-Z_a-z.]+\]|\{\{|\{%/);
    return `# ${one.name}: ${one.audience}, ${one.medium}\n${subject === null ? '' : `Subject: ${subject}\n`}\n${text}\n`;
  });
  const asked = ['heads-up', 'incident-initial', 'incident-update', 'incident-final', 'success', 'handoff'];
  expect(new Set(loaded.templates.map(({ moment }) => moment))).toEqual(new Set(asked));
  await expect(texts.join('\n')).toMatchFileSnapshot('../goldens/comms.md');
});
