/** From a configuration file to adapters that do what it says. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { openAdapters } from '../../src/adapters/open.js';
import { loadConfig } from '../../src/config.js';
import { announcement } from '../support/contracts/announcer-contract.js';
import { claim, key } from '../support/contracts/flag-store-contract.js';
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
