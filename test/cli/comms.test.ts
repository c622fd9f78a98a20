/** Messages by command line: previewed, sent to real servers, to customers only with a yes, and a promise that is kept. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openCliWorld, type CliWorld } from '../support/cli-world.js';
import type { CliEnd } from '../support/cli.js';
import { openLocalServer, type LocalServer } from '../support/local-server.js';
import { openMailServer } from '../support/mail-server.js';
import { openSlackServer, slackToken } from '../support/slack-server.js';

const room = 'C0123456789';
let world: CliWorld;
let mail: Awaited<ReturnType<typeof openMailServer>>;
let slack: Awaited<ReturnType<typeof openSlackServer>>;
let page: LocalServer;
let plan: string;

beforeAll(async () => {
  [mail, slack, page] = await Promise.all([
    openMailServer(),
    openSlackServer(room),
    openLocalServer((response) => response.writeHead(204).end()),
  ]);
  const secret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
  const from = 'Reports <reports@example.org>';
  world = await openCliWorld({
    config: {
      channels: {
        room: { kind: 'slack', token: slackToken, room, url: slack.url },
        mails: {
          kind: 'email',
          server: mail.url,
          plaintext: true,
          from,
          to: ['all@example.org'],
          audience: 'customers',
        },
        page: { kind: 'webhook', url: page.url, secret, audience: 'customers' },
      },
    },
  });
  await world.startWorker();
  plan = await world.plan('saves', {
    owner: 'reporting-team',
    description: 'The new report viewer',
    announce: { channels: ['room'] },
    comms: {
      templates: join(process.cwd(), 'ops', 'comms'),
      fields: { IMPACT: 'Reports save by themselves', ACTION: 'Nothing', WORKAROUND: 'Use the old viewer' },
    },
  });
});
afterAll(async () => {
  await world?.close();
  await Promise.all([mail, slack, page].map((server) => server?.close()));
});

const comms = (...args: string[]): Promise<CliEnd> => world.run('comms', ...args, '--plan', plan);
const incident = ['--field', 'IMPACT=Saving is slow', '--field', 'NEXT_UPDATE_TIME=2099-01-01T00:00:00Z'] as const;

it('lists templates with whom they are for and what they ask for', async () => {
  const { code, stdout } = await comms('preview');
  expect(code).toBe(0);
  expect(stdout).toMatch(/incident-initial-email +customers +email +asks for IMPACT, ACTION, NEXT_UPDATE_TIME/);
  expect(stdout.trim().split('\n')).toHaveLength(14);
});

it('previews without a server, and says what is missing', async () => {
  const { code, stdout } = await comms('preview', 'incident-initial-slack', '--field', 'IMPACT=Saving is slow');
  expect(code).toBe(0);
  expect(stdout).toContain('*Incident* Saving is slow');
  expect(stdout).toContain('[rollout.percent]');
  expect(stdout).toContain('Missing: NEXT_UPDATE_TIME is missing.');
});

it.each([
  [['preview', 'incident-first'], 2, /There is no template "incident-first"; there are engineering-handoff-slack, /],
  [['preview', 'success-email', '--field', 'ETA=1h'], 2, /success-email has no field ETA; it has IMPACT, ACTION\./],
  [['preview', 'success-email', '--rollout', 'saves'], 2, /unknown option '--rollout'/],
  [['preview', 'success-email', 'production/other'], 8, /There is no rollout of production\/other/],
  [['preview', 'success-email', '--field', 'eta'], 2, /Write a field as NAME=value/],
  [['send', 'success-email', '--yes'], 2, /This is for customers, and nobody can be asked here/],
  [
    ['send', 'incident-initial-slack', '--field', 'ACTION=Looking', '--yes'],
    2,
    // The plan's IMPACT is about better days.
    /Nothing was sent\.\nIMPACT is missing.*\nNEXT_UPDATE_TIME is missing.*\nrollout\.percent is not known: there is no rollout yet/,
  ],
] as const)('%j is refused with %i', async (...[args, code, message]) => {
  const end = await comms(...args);
  expect(end.code).toBe(code);
  expect(end.stderr).toMatch(message);
  expect(slack.messages.length + mail.mails.length + page.seen.length).toBe(0);
});

it('a heads-up for colleagues goes out before there is a rollout', async () => {
  const end = await comms('send', 'heads-up-slack', '--field', 'ETA=2099-01-01T00:00:00Z', '--yes');
  expect(end).toMatchObject({ code: 0 });
  expect(end.stdout).toContain('heads-up-slack is with room.');
  expect(slack.messages.at(-1)?.text).toContain(
    '*plan-of-saves* takes `production/saves` to 10 %, 100 % from 2099-01-01 00:00 UTC.',
  );
});

it('a rollout begins', async () => {
  await world.run('start', plan, '--yes');
  await world.until('saves', ({ percent }) => percent.observed === 10);
});

it('a preview of what a rollout knows has its numbers', async () => {
  const { code, stdout } = await comms('preview', 'incident-initial-slack', 'saves', ...incident);
  expect(code).toBe(0);
  expect(stdout).toContain('is at 10 %');
});

it('customers read only the very text that a person has said yes to', async () => {
  const said = [...incident, '--field', 'ACTION=We look into it'];
  const preview = await comms('preview', 'incident-initial-email', 'production/saves', ...said);
  const digest = /for customers, email, text ([0-9a-f]{12})/.exec(preview.stdout)?.[1] ?? '';
  const another = await comms('send', 'incident-initial-email', ...said, '--customers', '0123456789ab');
  expect(another).toMatchObject({
    code: 8,
    stderr: expect.stringMatching(
      /not 0123456789ab\. Nothing was sent\. Read it again: holdpoint comms preview incident-initial-email production\/saves --plan \S+/,
    ) as string,
  });
  const general = await comms('send', 'incident-initial-email', ...said, '--yes');
  expect(general).toMatchObject({ code: 2, stderr: expect.stringContaining(`--customers ${digest}`) as string });
  expect(mail.mails).toEqual([]);
  const sent = await comms('send', 'incident-initial-email', ...said, '--customers', digest, '--json');
  expect(JSON.parse(sent.stdout)).toMatchObject({
    accepted: true,
    delivered: true,
    nextUpdateAt: '2099-01-01T00:00:00.000Z',
  });
  expect(mail.mails[0]?.headers['subject']).toBe('We are looking into a problem: Saving is slow');
  expect(mail.mails[0]?.text).toContain('You hear from us again by 2099-01-01 00:00 UTC');
  const again = await comms('send', 'incident-initial-email', ...said, '--customers', digest);
  expect(again.code).toBe(0);
  expect(mail.mails).toHaveLength(1);
});

it('what is promised stands in the list and in the status, with how to keep it', async () => {
  const { stdout } = await world.run('status', 'saves');
  expect(stdout).toContain('Update owed  production/saves  dana promised readers one by 2099-01-01 00:00 UTC');
  expect(stdout).toContain('holdpoint comms send TEMPLATE production/saves --plan PLAN');
  const all = JSON.parse((await world.run('list', '--json')).stdout) as { kind: string }[];
  expect(all.filter(({ kind }) => kind === 'promise')).toMatchObject([
    { flag: 'saves', by: 'dana', nextUpdateAt: '2099-01-01T00:00:00.000Z', state: 'owed' },
  ]);
});

it('about a rollout it says where that stands; the promise ends with a reason, and what was sent is kept', async () => {
  const end = await comms('send', 'incident-initial-slack', ...incident, '--field', 'ACTION=<!channel> & co', '--yes');
  expect(end).toMatchObject({ code: 0 });
  expect(slack.messages.at(-1)?.text).toMatch(
    /`production\/saves` is at 10 %, \w+ since .*\n(.*\n)?.*&lt;!channel&gt; &amp; co/,
  );
  const closed = await world.run('comms', 'close', 'production/saves', '--reason', 'told by phone', '--by', 'kim');
  expect(closed).toMatchObject({ code: 0, stdout: 'No update is owed any more.\n' });
  await expect
    .poll(async () => (await world.run('comms', 'close', 'production/saves', '--reason', 'again')).stderr, {
      timeout: 20_000,
    })
    .toContain('No update about production/saves is owed.');
  expect((await world.run('list')).stdout).not.toContain('Update owed');
  const folder = join(world.folder, 'archive', 'production', 'saves');
  await expect.poll(async () => (await readdir(folder)).filter((name) => name.startsWith('comms-'))).toHaveLength(2);
  const packs = (await readdir(folder)).filter((name) => name.startsWith('comms-'));
  const audits = await Promise.all(packs.map((name) => readFile(join(folder, name, 'audit.jsonl'), 'utf8')));
  expect(audits.join('')).toContain('"confirmedBy":"dana"');
  expect(audits.join('')).toContain('told by phone');
  for (const pack of packs) {
    expect((await world.run('audit', 'verify', join(folder, pack))).code).toBe(0);
  }
});
