/** A folder with a configuration of file stores, for the command line: Temporal is not there. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { documentOf } from './a-flag-document.js';
import { runCli, type CliEnd } from './cli.js';
import { tempFolder } from './temp-folder.js';

export interface FlagPlace {
  readonly folder: string;
  readonly holdpoint: (...args: string[]) => Promise<CliEnd>;
  /** `holdpoint flag …` */
  readonly run: (...args: string[]) => Promise<CliEnd>;
  readonly document: (store?: string) => Promise<string>;
}

/** @param stores - by id: what its document says; null: there is no file. */
export async function aFlagPlace(stores: Readonly<Record<string, string | null>>): Promise<FlagPlace> {
  const folder = await tempFolder();
  const fileOf = (store: string): string => join(folder, `${store}.json`);
  const config = {
    temporal: { address: '127.0.0.1:1' },
    flagStores: Object.fromEntries(Object.keys(stores).map((id) => [id, { kind: 'file', path: `${id}.json` }])),
    metrics: { kind: 'prometheus', url: 'http://127.0.0.1:1' },
    archive: { kind: 'directory', path: 'packs' },
  };
  await writeFile(join(folder, 'holdpoint.config.yaml'), stringify(config));
  for (const [id, text] of Object.entries(stores)) if (text !== null) await writeFile(fileOf(id), text);
  const holdpoint = (...args: string[]): Promise<CliEnd> =>
    runCli(args, { cwd: folder, env: { HOLDPOINT_USER: 'dana' } });
  return {
    folder,
    holdpoint,
    run: (...args) => holdpoint('flag', ...args),
    document: (store = 'flags') => readFile(fileOf(store), 'utf8'),
  };
}

/** A document with the flag `f` at 25 %, which is somebody's. */
export function ownedBy(owner: string): string {
  const document = JSON.parse(documentOf({ f: { percent: 25 } })) as { flags: { f: { metadata: object } } };
  Object.assign(document.flags.f.metadata, { 'holdpoint.owner': owner, 'holdpoint.fence': 3 });
  return JSON.stringify(document);
}
