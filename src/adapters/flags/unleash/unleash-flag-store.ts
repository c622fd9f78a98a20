/** Flags in Unleash: a percentage is the rollout of one strategy, and the way back is the environment's own switch. */
import type { FlagRecord } from '../../../core/flag-record.js';
import type { FlagValues } from '../../../core/plan.js';
import { noFlag } from '../flag-notes.js';
import type { FlagStore, FlagStoreCapabilities } from '../flag-store.js';
import { inLanes } from '../in-lanes.js';
import { deadlineFor, takeRemoteStep, type Deadline, type RemoteFlags } from '../remote-step.js';
import { claimStep, flipStep, safeStateStep } from '../write-step.js';
import { askFeature, askFeatures, revisionOf, switchEnvironment, type UnleashServer } from './unleash-api.js';
import { isPinned, noteIn, percentOf, type UnleashFeature } from './unleash-feature.js';
import { writeTaking, writeFlip, writeBack, type SeenFeature } from './unleash-writes.js';

export interface UnleashFlagStoreOptions {
  /** The store's id, for messages. */
  readonly id: string;
  readonly url: string;
  readonly project: string;
  readonly environment: string;
  readonly token: string;
  /** Of one request. */
  readonly timeoutMs: number;
  /** Told in a sentence what went wrong without failing a write. */
  readonly onTrouble: (sentence: string) => void;
}

export const unleashCapabilities: FlagStoreCapabilities = {
  // Unleash compares what it has read a moment before it writes, without a lock.
  compareAndSet: false,
  // A flip changes a strategy and never switches an environment on: whatever lands late lands in one that is off.
  fence: true,
  readBack: true,
  owner: true,
  // Its clients round down to whole percents.
  percentStep: 1,
};

export function openUnleashFlagStore({ id, token, onTrouble, ...rest }: UnleashFlagStoreOptions): FlagStore {
  const adapter = `flag store ${id}`;
  const server: UnleashServer = { ...rest, adapter, headers: { authorization: token } };
  const flags = remoteFlags(server, onTrouble);
  const limitMs = 2 * server.timeoutMs;
  return {
    capabilities: unleashCapabilities,
    read: async (key) => (await flags.read(key, deadlineFor(adapter, limitMs))).record,
    list: () => list(server, flags),
    claim: (request) => takeRemoteStep(flags, claimStep(request)),
    flip: (request) => takeRemoteStep(flags, flipStep(request)),
    writeSafeState: (request) => takeRemoteStep(flags, safeStateStep(request)),
  };
}

function remoteFlags(server: UnleashServer, onTrouble: (sentence: string) => void): RemoteFlags<SeenFeature> {
  const holds = async (set: FlagValues, deadline: Deadline): Promise<boolean> => {
    const all = await inLanes(Object.entries(set), async ([key, value]) =>
      isPinned(await askFeature(server, key, deadline), value),
    );
    return all.every(Boolean);
  };
  return {
    adapter: server.adapter,
    percentStep: unleashCapabilities.percentStep,
    keeps: { fence: true, owner: true },
    holds,
    read: async (key, deadline) => {
      const feature = await askFeature(server, key, deadline);
      const record = recordOf(key, feature);
      const safeValuesHeld = await holds(record.safeState?.set ?? {}, deadline);
      return { feature, record: { ...record, safeValuesHeld } };
    },
    write: (seen, write) => {
      const doing = { server, seen, write, onTrouble };
      switch (write.step.action) {
        case 'claim':
        case 'set':
          return writeTaking(doing);
        case 'flip':
          return writeFlip(doing);
        case 'rollback':
          return writeBack(doing);
      }
    },
    // A claim that was cut off before its last request left the environment off; no flip could move anybody.
    finish: async ({ feature }, { action, key }, deadline) => {
      if (action !== 'claim' || feature === null || feature.enabled || noteIn(feature)?.note.armed !== true)
        return false;
      await switchEnvironment(server, { key, deadline }, 'on');
      return true;
    },
  };
}

/** `safeValuesHeld` is true: whether other flags hold it, only they can tell. */
function recordOf(key: string, feature: UnleashFeature | null): FlagRecord {
  if (feature === null) return noFlag(key);
  const { note } = noteIn(feature) ?? {};
  return {
    key,
    exists: true,
    percent: percentOf(feature),
    fence: note?.fence ?? 0,
    revision: revisionOf(feature),
    owner: note?.owner ?? null,
    safeState: note?.safeState ?? null,
    safeValuesHeld: true,
    breakGlass: note?.breakGlass ?? null,
  };
}

async function list(server: UnleashServer, flags: RemoteFlags<SeenFeature>): Promise<FlagRecord[]> {
  const features = await askFeatures(server);
  const records = await inLanes(features, async ({ key, enabled, hasStrategies }) => {
    // Where there is no strategy, nothing of ours is kept.
    if (!hasStrategies) return recordOf(key, { enabled, environment: { enabled, strategies: [] }, strategies: [] });
    return (await flags.read(key, deadlineFor(server.adapter, 2 * server.timeoutMs))).record;
  });
  // It may have gone since it was listed.
  return records.filter(({ exists }) => exists);
}
