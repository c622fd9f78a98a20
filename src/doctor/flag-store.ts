/** Whether a flag store can be read, written and trusted. Nothing in its document is changed. */
import { AdapterError } from '../adapters/adapter-error.js';
import type { FlagStore, FlagStoreCapabilities } from '../adapters/flags/flag-store.js';
import { probeDocumentFolder } from '../adapters/flags/probe-document-folder.js';
import type { FlagStoreConfig } from '../config.js';
import type { FlagRecord } from '../core/flag-record.js';
import { rolloutOwner } from '../core/names.js';
import { ok, warn, wrong, type DoctorLine } from './line.js';
import type { Check } from './place.js';

export const flagStore = (id: string, store: FlagStore, config: FlagStoreConfig): Check => {
  const about = `flag store ${id}`;
  return {
    about,
    silence: 'wrong',
    look: async () => [
      ...(await readLines(about, store)),
      await folderLine(about, config),
      capabilitiesLine(about, store.capabilities),
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

/** Each kind of store has its own way of showing that it takes a write. */
async function folderLine(about: string, config: FlagStoreConfig): Promise<DoctorLine> {
  switch (config.kind) {
    case 'file':
      try {
        await probeDocumentFolder(about, config.path);
        return ok(about, `${config.path} can be replaced: its folder takes files`);
      } catch (error) {
        if (!(error instanceof AdapterError)) throw error;
        return wrong(about, error.message, null);
      }
  }
}

const prices: readonly (readonly [keyof FlagStoreCapabilities, string, string])[] = [
  ['compareAndSet', 'compare-and-set', 'an edit made in the moment of a flip is overwritten unseen'],
  [
    'fence',
    'fence',
    'a flip in flight may land after a rollback, so a rollback reads back and rewrites until the longest flip timeout is over before it is proven',
  ],
  ['readBack', 'read-back', 'no write is ever proven: a receipt stays at written'],
];

export function capabilitiesLine(about: string, capabilities: FlagStoreCapabilities): DoctorLine {
  const missing = prices.filter(([has]) => !capabilities[has]);
  const has = prices.filter(([member]) => capabilities[member]).map(([, name]) => name);
  if (missing.length === 0) return ok(about, `has ${has.join(', ')}: a flip can never land after a rollback`);
  const costs = missing.map(([, name, cost]) => `no ${name}: ${cost}`).join('; ');
  return warn(
    about,
    `${has.length === 0 ? '' : `has ${has.join(', ')}; `}${costs}`,
    'Use a store that has all three where that matters',
  );
}
