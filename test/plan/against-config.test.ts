/** What a plan names and only a configuration can have. */
import { expect, it } from 'vitest';
import { renderProblem } from '../../src/documents/problem.js';
import { checkAgainstConfig } from '../../src/plan/against-config.js';
import { loadPlan } from '../../src/plan/load-plan.js';
import { checkPlan } from '../../src/plan/check-plan.js';
import { catalogueText, planText, planWith } from '../support/plan-text.js';

it('finds nothing missing when everything is there', async () => {
  const loaded = await loadPlan('ops/plans/day0.yaml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  expect(
    checkAgainstConfig(loaded, {
      file: 'holdpoint.config.yaml',
      flagStores: ['local'],
      smoke: ['reporting'],
      channels: ['release-room'],
    }),
  ).toEqual([]);
});

it('names each missing id where the plan names it, with what is there and what was probably meant', () => {
  const text = planWith('{ percent: 50, hold: 2h }', '{ percent: 50, hold: 2h, gate: { smoke: [reportin] } }');
  const loaded = checkPlan(`${text}announce: { channels: [room] }\n`, 'plan.yaml', {
    text: catalogueText,
    file: 'slis.yaml',
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const known = { file: 'holdpoint.config.yaml', flagStores: ['lokal', 'unleash'], smoke: ['reporting'], channels: [] };
  expect(checkAgainstConfig(loaded, known).map(renderProblem)).toEqual([
    'plan.yaml:5:10: the configuration has no flag store "local"; it has: lokal, unleash. Did you mean "lokal"? Add it to holdpoint.config.yaml, or correct the plan.',
    'plan.yaml:21:46: the configuration has no smoke suite "reportin"; it has: reporting. Did you mean "reporting"? Add it to holdpoint.config.yaml, or correct the plan.',
    'plan.yaml:26:24: the configuration has no channel "room"; it has: none. Add it to holdpoint.config.yaml, or correct the plan.',
  ]);
});

it('refuses stages that the store would round', () => {
  const text = planWith('{ percent: 50, hold: 2h }', '{ percent: 33.3, hold: 2h }');
  const loaded = checkPlan(text, 'plan.yaml', { text: catalogueText, file: 'slis.yaml' });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const known = { file: 'holdpoint.config.yaml', flagStores: ['local'], smoke: ['reporting'], channels: [] };
  const saidAt = (step: number) =>
    checkAgainstConfig(loaded, { ...known, percentSteps: { local: step } }).map(renderProblem);
  expect(saidAt(0.1)).toEqual([]);
  expect(saidAt(1)).toEqual([
    'plan.yaml:5:10: the flag store "local" knows only steps of 1 %, and stages are at 33.3 %. Change those stages, or use another store.',
  ]);
});

it('a rollout announces to nobody but staff', () => {
  const loaded = checkPlan(`${planText}announce: { channels: [status] }\n`, 'plan.yaml', {
    text: catalogueText,
    file: 'slis.yaml',
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const known = { file: 'holdpoint.config.yaml', flagStores: ['local'], smoke: ['reporting'], channels: ['status'] };
  expect(checkAgainstConfig(loaded, { ...known, forCustomers: ['status'] }).map(renderProblem)).toEqual([
    'plan.yaml:26:24: the channel "status" reaches customers, and what a rollout says by itself is for staff. Leave it out here; a person writes there with: holdpoint comms send',
  ]);
});
