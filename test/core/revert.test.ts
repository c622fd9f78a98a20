/** What a revert makes of what it was started with. */
import { expect, it } from 'vitest';
import { isRevert, readRevert } from '../../src/core/revert.js';
import { aPlan } from '../support/a-plan.js';

it.each([
  ['rollout/production/saves', {}, 'production'],
  ['rollout/eu/production/saves', {}, 'eu/production'],
  ['rollout/production/saves', { environment: 'staging' }, 'staging'],
  ['rollout/production/other', {}, 'unknown'],
  ['rollout//saves', {}, 'unknown'],
  ['my revert', {}, 'unknown'],
])('started as %s with %j it is about environment %s', (workflowId, more, environment) => {
  const read = readRevert({ store: 'local', key: 'saves', ...more }, workflowId);
  expect(read?.plan.flag).toEqual({ store: 'local', key: 'saves', environment, rollbackSet: {} });
});

it.each([
  [undefined],
  [null],
  [42],
  ['saves'],
  [['local', 'saves']],
  [{}],
  [{ store: 'local' }],
  [{ store: 1, key: 's' }],
])('of %j it knows no flag', (input) => {
  expect(readRevert(input, 'rollout/production/saves')).toBeNull();
});

it('tells the channels it is given, else all of them', () => {
  const channelsOf = (channels: unknown) => readRevert({ store: 'a', key: 'b', channels }, 'x')?.plan.channels;
  expect(channelsOf(['room'])).toEqual(['room']);
  expect(channelsOf(undefined)).toEqual(['*']);
  expect(channelsOf([7])).toEqual(['*']);
});

it('is told from a rollout by its plan', () => {
  expect(isRevert(readRevert({ store: 'a', key: 'b' }, 'x')?.plan ?? aPlan())).toBe(true);
  expect(isRevert(aPlan())).toBe(false);
});
