/** Where a message goes when nobody says it, and what is said when that is not clear. */
import { expect, it } from 'vitest';
import { chooseChannel, homelessTemplates } from '../../src/cli/choose-channel.js';
import type { ChannelConfig } from '../../src/config.js';
import type { Template } from '../../src/comms/template.js';
import type { Audience } from '../../src/core/audience.js';
import type { Medium } from '../../src/core/notice.js';
import { renderProblem } from '../../src/documents/problem.js';

const hook = (audience: Audience): ChannelConfig => ({ kind: 'webhook', url: 'http://a', secret: 's', audience });
const channels: Readonly<Record<string, ChannelConfig>> = {
  log: { kind: 'console', audience: 'staff' },
  page: hook('customers'),
  intern: hook('staff'),
  room: { kind: 'slack', token: 't', room: 'C012345', url: 'https://slack.com/api', audience: 'staff' },
};
const template = (medium: Medium, audience: Audience) => ({ name: 'first', medium, audience }) as unknown as Template;
const two = { ...channels, app: hook('customers') };

it.each([
  ['status-page', 'customers', channels, undefined, 'page'],
  ['in-app', 'staff', channels, undefined, 'intern'],
  ['slack', 'staff', channels, undefined, 'room'],
  ['in-app', 'customers', two, 'app', 'app'],
  ['email', 'staff', channels, 'log', 'log'],
] as const)('%s for %s', (...[medium, audience, known, named, wanted]) => {
  expect(chooseChannel(known, template(medium, audience), named)).toMatchObject({ id: wanted });
});

it.each([
  ['email', 'customers', channels, undefined, /none of log, page, intern, room is of kind email for customers/],
  ['slack', 'customers', channels, undefined, /of kind slack for customers/],
  ['in-app', 'customers', two, undefined, /Say --channel ID: page, app fit\. Nothing was sent\./],
  ['in-app', 'customers', channels, 'pag', /no channel "pag"; it has: .*Did you mean "page"\?/],
  ['in-app', 'customers', {}, undefined, /none of no channels/],
] as const)('%s for %s is not clear', (...[medium, audience, known, named, problem]) => {
  expect(() => chooseChannel(known, template(medium, audience), named)).toThrow(problem);
});

it('says once for each sort of channel which templates have nowhere to go', () => {
  const at = (name: string, medium: Medium, audience: Audience) =>
    ({ name, file: `${name}.liquid`, place: { line: 4, column: 9 }, medium, audience }) as unknown as Template;
  const templates = [
    at('a', 'email', 'customers'),
    at('b', 'slack', 'staff'),
    at('c', 'email', 'customers'),
    at('d', 'in-app', 'customers'),
    at('e', 'email', 'staff'),
  ];
  expect(homelessTemplates(channels, templates).map(renderProblem)).toEqual([
    'a.liquid:4:9: warning: no channel in the configuration is of kind email for customers, so nothing takes a, c; add one, or say where with comms send --channel',
    'e.liquid:4:9: warning: no channel in the configuration is of kind email for staff, so nothing takes e; add one, or say where with comms send --channel',
  ]);
});
