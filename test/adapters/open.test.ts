/** From a configuration file to adapters that do what it says. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { openAdapters } from '../../src/adapters/open.js';
import { loadConfig } from '../../src/config.js';
import { noticeDigest, type Notice } from '../../src/core/notice.js';
import { aConfig } from '../support/a-config.js';
import { announcement, notice } from '../support/contracts/announcer-contract.js';
import { claim, key } from '../support/contracts/flag-store-contract.js';
import { openLocalServer } from '../support/local-server.js';
import { tempFolder } from '../support/temp-folder.js';

async function openIn(folder: string) {
  const file = join(folder, 'holdpoint.config.yaml');
  await writeFile(
    file,
    JSON.stringify({
      temporal: { address: '127.0.0.1:7233' },
      flagStores: { local: { kind: 'file', path: 'flags.json' } },
      metrics: { kind: 'prometheus', url: 'http://127.0.0.1:9090/prefix' },
      smoke: { reporting: 'reporting.yaml' },
      channels: {
        terminal: { kind: 'console' },
        room: { kind: 'webhook', url: 'http://127.0.0.1:1', secret: `whsec_${Buffer.alloc(32).toString('base64')}` },
      },
      archive: { kind: 'directory', path: 'packs' },
    }),
  );
  const loaded = await loadConfig(file, {});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const talk = new PassThrough();
  return { talk, adapters: openAdapters(loaded.config, { env: {}, talk }) };
}

it('opens what the configuration names, in the places it names', async () => {
  const folder = await tempFolder();
  const { adapters, talk } = await openIn(folder);
  expect([...adapters.flagStores.keys()]).toEqual(['local']);
  expect([...adapters.announcers.keys()]).toEqual(['terminal', 'room']);
  expect(adapters.smoke.suites).toEqual(['reporting']);
  expect(adapters.metrics.server).toBe('http://127.0.0.1:9090/prefix');
  await adapters.flagStores.get('local')?.claim(claim());
  expect(await adapters.flagStores.get('local')?.read(key)).toMatchObject({ fence: 1 });
  await adapters.archive.put('a/b.json', '{}');
  expect(await adapters.archive.get('a/b.json')).toBe('{}');
  await adapters.announcers.get('terminal')?.announce(announcement());
  expect(String(talk.read())).toContain('production/reporting-unified at 25 %');
});

it('says aloud what went wrong beside a write that landed', async () => {
  const folder = await tempFolder();
  await mkdir(join(folder, 'flags.json.log.jsonl'));
  const { adapters, talk } = await openIn(folder);
  await adapters.flagStores.get('local')?.claim(claim());
  expect(String(talk.read())).toMatch(/^The write log .*flags\.json\.log\.jsonl did not take a line: .*\n$/);
});

it('keeps channels for customers from rollouts, and from every text that nobody has said yes to', async () => {
  const folder = await tempFolder();
  const room = await openLocalServer((response) => response.end());
  onTestFinished(() => room.close());
  const channel = { kind: 'webhook', url: room.url, secret: `whsec_${Buffer.alloc(32).toString('base64')}` } as const;
  const config = aConfig(
    { folder, address: '127.0.0.1:7233', url: 'http://127.0.0.1:9090' },
    { channels: { status: { ...channel, audience: 'customers' }, staff: { ...channel, audience: 'staff' } } },
  );
  const { announcers, posters } = openAdapters(config, { env: {}, talk: new PassThrough() });
  expect([...announcers.keys()]).toEqual(['staff']);
  const status = posters.get('status');
  const customers = notice({ audience: 'customers' });
  const confirmed = { by: 'mira', digest: noticeDigest(customers) };
  const refused: readonly [Notice, RegExp][] = [
    [notice(), /is written for staff/],
    [customers, /nobody has said/],
    [{ ...customers, confirmed, text: 'Something else.' }, /mira has said yes to another text/],
  ];
  for (const [one, why] of refused) await expect(status?.post(one)).rejects.toThrow(why);
  await expect(posters.get('staff')?.post(customers)).rejects.toThrow(/nobody has said/);
  expect(room.seen).toEqual([]);
  await status?.post({ ...customers, confirmed });
  await posters.get('staff')?.post(notice());
  expect(room.seen).toHaveLength(2);
});
