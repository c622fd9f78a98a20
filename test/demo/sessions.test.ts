/** Who is online, who has fallen silent, who is forgotten. */
import { expect, it } from 'vitest';
import { openSessions } from '../../src/demo/target/sessions.js';

it('a user is online, then offline, then forgotten, and back with a word', () => {
  let now = 0;
  const sessions = openSessions(() => now);
  sessions.heard('dana');
  sessions.heard('');
  expect(sessions.count()).toEqual({ online: 1, offline: 0 });
  now = 29_999;
  sessions.heard('mira');
  expect(sessions.count()).toEqual({ online: 2, offline: 0 });
  now = 30_000;
  expect(sessions.count()).toEqual({ online: 1, offline: 1 });
  sessions.heard('dana');
  expect(sessions.count()).toEqual({ online: 2, offline: 0 });
  now = 629_999;
  expect(sessions.count()).toEqual({ online: 0, offline: 1 });
  now = 630_000;
  expect(sessions.count()).toEqual({ online: 0, offline: 0 });
});

it('remembers no more than ten thousand, the latest', () => {
  const sessions = openSessions(() => 0);
  for (let user = 0; user < 10_050; user += 1) sessions.heard(`user-${user}`);
  expect(sessions.count()).toEqual({ online: 10_000, offline: 0 });
});
