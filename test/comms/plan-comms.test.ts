/** A plan with messages: what its templates need and it does not say is found when it is checked. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderProblem } from '../../src/documents/problem.js';
import { loadPlan } from '../../src/plan/load-plan.js';
import { catalogueText, planText } from '../support/plan-text.js';

const template = `---
title: First word
moment: incident-initial
medium: slack
audience: staff
fields: { IMPACT: send, WORKAROUND: plan, NEXT_UPDATE_TIME: send }
---
{{ IMPACT }} {{ WORKAROUND }} {{ NEXT_UPDATE_TIME }} {{ plan.owner }}
`;

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'holdpoint-comms-')));
  await mkdir(join(folder, 'comms'));
  await mkdir(join(folder, 'empty'));
  await writeFile(join(folder, 'slis.yaml'), catalogueText);
  await writeFile(join(folder, 'comms', 'first.liquid'), template);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const lines = planText.split('\n').length;

async function load(comms: string, owner = 'owner: reporting-team\n') {
  const file = join(folder, 'plan.yaml');
  await writeFile(file, `${planText}${owner}${comms}`);
  const loaded = await loadPlan(file);
  return {
    loaded,
    warnings: loaded.ok ? loaded.warnings.map((one) => renderProblem(one).replaceAll(`${folder}/`, '')) : [],
    problems: loaded.ok ? [] : loaded.problems.map((one) => renderProblem(one).replaceAll(`${folder}/`, '')),
  };
}

const whole = 'comms: { templates: comms, fields: { WORKAROUND: Use the old viewer } }\n';

it('a right one has its templates with it, and the same digest as without', async () => {
  const [{ loaded }, { loaded: without }] = [await load(whole), await load('')];
  if (!loaded.ok || !without.ok) throw new Error('a right plan has problems');
  expect(loaded.comms?.templates.map(({ name }) => name)).toEqual(['first']);
  expect(loaded.comms).toMatchObject({ remindBeforeMs: 600_000, remindEveryMs: 900_000, escalateTo: 'on-call' });
  expect(loaded.plan.digest).toBe(without.plan.digest);
  expect(without.comms).toBeNull();
});

const announced = `announce: { channels: [room] }\n${whole}`;

it('warns of readers that are told of no end, and of a promise that nobody is reminded of', async () => {
  const noEnd =
    'comms/first.liquid:4:9: warning: there is no last word for these readers: no template is moment: incident-final, medium: slack, audience: staff; write one beside it';
  expect((await load(whole)).warnings).toEqual([
    noEnd,
    `plan.yaml:${lines + 1}:1: warning: comms: first promise an update, and nobody would be reminded of it: the plan announces nowhere; add announce: { channels: [release-room] }`,
  ]);
  expect((await load(announced)).warnings).toEqual([noEnd]);
  const last = join(folder, 'comms', 'last.liquid');
  await writeFile(last, template.replace('moment: incident-initial', 'moment: incident-final'));
  const { warnings } = await load(announced);
  await rm(last);
  expect(warnings).toEqual([]);
});

it('warns of a field that the plan gives and nobody reads', async () => {
  const fields = 'fields: { WORKAROUND: x, IMPACT: y, RESOLUTION: z }';
  const { warnings } = await load(announced.replace('fields: { WORKAROUND: Use the old viewer }', fields));
  expect(warnings.filter((one) => one.startsWith('plan.yaml'))).toEqual([
    `plan.yaml:${lines + 2}:61: warning: comms.fields.IMPACT: IMPACT is asked for whenever a message is sent, so nobody reads this; leave it out, or let a template take it from here with fields: { IMPACT: plan }`,
    `plan.yaml:${lines + 2}:76: warning: comms.fields.RESOLUTION: RESOLUTION is shown by no template, so nobody reads this; leave it out, or let a template take it from here with fields: { RESOLUTION: plan }`,
  ]);
});

describe('says', () => {
  it.each<[what: string, comms: string, problem: RegExp]>([
    [
      'a field that the plan has to give and does not',
      'comms: { templates: comms }\n',
      new RegExp(
        `^plan\\.yaml:${lines + 1}:1: comms\\.fields: WORKAROUND is missing, and first shows it\\. .*fields: \\{ WORKAROUND: send \\}$`,
      ),
    ],
    [
      'a field that is none',
      'comms: { templates: comms, fields: { WORKAROUND: x, WORK_AROUND: y } }\n',
      new RegExp(
        `^plan\\.yaml:${lines + 1}:53: unknown key "WORK_AROUND" in comms\\.fields; .*Did you mean "WORKAROUND"`,
      ),
    ],
    [
      'a time that is none',
      'comms: { templates: comms, fields: { WORKAROUND: x, ETA: soon } }\n',
      /comms\.fields\.ETA: found "soon"; write an instant/,
    ],
    [
      'a folder that is not there',
      'comms: { templates: nowhere }\n',
      /:21: comms\.templates: .*nowhere: there is no such folder/,
    ],
    [
      'a folder without templates',
      'comms: { templates: empty }\n',
      /comms\.templates: .*empty: there is no file that ends in \.liquid/,
    ],
    [
      'an unknown key',
      'comms: { templates: comms, fields: { WORKAROUND: x }, field: {} }\n',
      /unknown key "field" in comms; .*Did you mean "fields"/,
    ],
  ])('%s', async (...[, comms, problem]) => {
    const { problems } = await load(comms);
    expect(problems[0]).toMatch(problem);
    expect(problems).toHaveLength(1);
  });

  it('a fact that the plan does not have, where the template shows it', async () => {
    expect((await load(whole, '')).problems).toEqual([
      'comms/first.liquid:8:57: the plan plan.yaml does not say "owner", and this template shows {{ plan.owner }}; add owner to the plan, or take it out here',
    ]);
  });

  it('what is wrong in a template, beside what is wrong in the plan', async () => {
    await writeFile(
      join(folder, 'comms', 'second.liquid'),
      template.replace('{{ IMPACT }}', '{{ IMPACT }} {{ SEVERITY }}'),
    );
    const { problems } = await load('comms: { templates: comms }\nstagse: 1\n');
    expect(problems.map((one) => one.split(': ')[0])).toEqual([
      'comms/second.liquid:8:17',
      'plan.yaml:27:1',
      'plan.yaml:28:1',
    ]);
  });
});
