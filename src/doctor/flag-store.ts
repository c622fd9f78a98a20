/** Whether a flag store can be read, written and trusted. Nothing in its document is changed. */
import { AdapterError } from '../adapters/adapter-error.js';
import type { FlagStore, FlagStoreCapabilities } from '../adapters/flags/flag-store.js';
import { probeDocumentFolder } from '../adapters/flags/probe-document-folder.js';
import type { FlagStoreConfig } from '../config-stores.js';
import type { FlagRecord } from '../core/flag-record.js';
import { rolloutOwner } from '../core/names.js';
import { tryConnection } from './channel.js';
import { ok, warn, wrong, type DoctorLine } from './line.js';
import type { Check } from './place.js';

export const flagStore = (id: string, store: FlagStore, config: FlagStoreConfig): Check => {
  const about = `flag store ${id}`;
  return {
    about,
    silence: 'wrong',
    look: async () => [
      ...(await readLines(about, store)),
      ...(await writeLines(about, config)),
      capabilitiesLine(about, store.capabilities),
      ...(await cdnLines(about, config)),
    ],
  };
};

async function readLines(about: string, store: FlagStore): Promise<DoctorLine[]> {
  let records: readonly FlagRecord[];
  try {
    records = await store.list();
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return [wrong(about, error.message, null)];
  }
  const ours = records.filter(({ owner }) => owner !== null);
  const unreadable = ours.filter(({ percent }) => percent === null);
  return [
    ok(about, `can be read: ${records.length} flags, ${ours.length} of them claimed by Holdpoint`),
    ...unreadable.map(({ key, owner }) =>
      warn(
        about,
        `${key} has a rule that Holdpoint did not write and cannot read; its rollout sees drift and will not move it up`,
        `Restore the rule, or take it back: holdpoint rollback ${rollbackName({ key, owner })} --reason "its rule was changed"`,
      ),
    ),
  ];
}

const rollbackName = ({ key, owner }: Pick<FlagRecord, 'key' | 'owner'>): string => {
  const parts = rolloutOwner(owner);
  return parts === null ? `${key} --break-glass` : `${parts.environment}/${key}`;
};

/** Each kind of store has its own way of showing that it takes a write; a server shows it only by a write. */
async function writeLines(about: string, config: FlagStoreConfig): Promise<DoctorLine[]> {
  switch (config.kind) {
    case 'file':
      try {
        await probeDocumentFolder(about, config.path);
        return [ok(about, `${config.path} can be replaced: its folder takes files`)];
      } catch (error) {
        if (!(error instanceof AdapterError)) throw error;
        return [wrong(about, error.message, null)];
      }
    case 'unleash':
    case 'http':
      return [];
  }
}

/** Nothing is sent to it. */
async function cdnLines(about: string, { afterWrite }: FlagStoreConfig): Promise<DoctorLine[]> {
  if (afterWrite === undefined) return [];
  const { host } = new URL(afterWrite.url);
  const why = await tryConnection(new URL(afterWrite.url));
  return why === null
    ? [ok(about, `its CDN ${host} takes connections; nothing was sent`)]
    : [
        warn(
          about,
          `its CDN ${host} cannot be reached: ${why}; old copies live as long as their max-age says`,
          'Correct afterWrite.cdn.url in the configuration, or mend the CDN; no write waits for it',
        ),
      ];
}

type Ability = Exclude<keyof FlagStoreCapabilities, 'percentStep'>;

const prices: readonly (readonly [Ability, string, string])[] = [
  ['compareAndSet', 'compare-and-set', 'an edit made in the moment of a flip may be overwritten unseen'],
  [
    'fence',
    'fence',
    'a flip in flight may land after a rollback, so a rollback reads back and rewrites until the longest flip timeout is over before it is proven',
  ],
  ['readBack', 'read-back', 'no write is ever proven: a receipt stays at written'],
  [
    'owner',
    'owner',
    'a break-glass is seen as a drift, a flag left up by a lost rollout is not found, and a rollback after the end goes to 0 % alone',
  ],
];

export function capabilitiesLine(about: string, capabilities: FlagStoreCapabilities): DoctorLine {
  const missing = prices.filter(([has]) => !capabilities[has]);
  const has = prices.filter(([member]) => capabilities[member]).map(([, name]) => name);
  const steps = capabilities.percentStep > 0.001 ? `; knows steps of ${capabilities.percentStep} %` : '';
  if (missing.length === 0) return ok(about, `has ${has.join(', ')}: a flip can never land after a rollback${steps}`);
  const costs = missing.map(([, name, cost]) => `no ${name}: ${cost}`).join('; ');
  return warn(
    about,
    `${has.length === 0 ? '' : `has ${has.join(', ')}; `}${costs}${steps}`,
    'Where that matters, use a store that has all of them: docs/flag-stores.md',
  );
}
