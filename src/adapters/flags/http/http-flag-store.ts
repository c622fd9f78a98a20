/** Flags in somebody's own service, asked as a mapping says. */
import type { FlagRecord } from '../../../core/flag-record.js';
import type { FlagValues } from '../../../core/plan.js';
import { AdapterError } from '../../adapter-error.js';
import { pointAt } from '../../json-pointer.js';
import type { Json } from '../../smoke/placeholders.js';
import { askStore, jsonIn, type StoreReply, type StoreServer } from '../ask-store.js';
import { parseExactly } from '../exact-json.js';
import type { FlagWrite } from '../flag-document.js';
import { noFlag } from '../flag-notes.js';
import type { FlagStore, FlagStoreCapabilities } from '../flag-store.js';
import { inLanes } from '../in-lanes.js';
import { deadlineFor, takeRemoteStep, type Deadline, type RemoteAnswer, type RemoteFlags } from '../remote-step.js';
import { claimStep, flipStep, safeStateStep } from '../write-step.js';
import { fillPath } from './fill-template.js';
import type { HttpMapping } from './http-mapping.js';
import { readFlag } from './read-flag.js';
import { writeBody, type ContentWrite } from './write-body.js';

export interface HttpFlagStoreOptions extends HttpMapping {
  /** The store's id, for messages. */
  readonly id: string;
}

interface HttpStore extends StoreServer {
  readonly mapping: HttpMapping;
}

interface SeenFlag {
  readonly record: FlagRecord;
  /** Null: there is none. */
  readonly document: Json | null;
  /** As the service spells it; null: the mapping names none. */
  readonly version: string | null;
}

export function openHttpFlagStore({ id, ...mapping }: HttpFlagStoreOptions): FlagStore {
  const adapter = `flag store ${id}`;
  const store: HttpStore = { adapter, headers: mapping.headers, timeoutMs: mapping.timeoutMs, mapping };
  const flags = remoteFlags(store);
  return {
    capabilities: httpCapabilities(mapping),
    read: async (key) => (await flags.read(key, deadlineFor(adapter, 2 * mapping.timeoutMs))).record,
    list: () => list(store, flags),
    claim: (request) => takeRemoteStep(flags, claimStep(request)),
    flip: (request) => takeRemoteStep(flags, flipStep(request)),
    writeSafeState: (request) => takeRemoteStep(flags, safeStateStep(request)),
  };
}

/** As the mapping says: whether the service keeps to it, no request of ours can show. */
export function httpCapabilities({ write, fields, percentStep }: HttpMapping): FlagStoreCapabilities {
  const compareAndSet = write.compare !== null;
  return {
    compareAndSet,
    // Without a fence in it a document at 0 stays the same when it is written again, and so may its revision.
    fence: compareAndSet && fields.fence !== null,
    readBack: true,
    owner: fields.owner !== null,
    percentStep,
  };
}

function remoteFlags(store: HttpStore): RemoteFlags<SeenFlag> {
  const { adapter, mapping } = store;
  const { percentStep, fields } = mapping;
  const holds = async (set: FlagValues, deadline: Deadline): Promise<boolean> => {
    const all = await inLanes(Object.entries(set), async ([key, value]) => {
      const { record } = await readAlone(store, key, deadline);
      return record.exists && record.percent === percentFor(value);
    });
    return all.every(Boolean);
  };
  return {
    adapter,
    percentStep,
    keeps: { fence: fields.fence !== null, owner: fields.owner !== null },
    holds,
    read: async (key, deadline) => {
      const seen = await readAlone(store, key, deadline);
      const held = await holds(seen.record.safeState?.set ?? {}, deadline);
      return { ...seen, record: { ...seen.record, safeValuesHeld: held } };
    },
    write: async (seen, { step, write, deadline }) => {
      // Users first: the flag itself goes back before any other one that its safe state names.
      const content = { ...write, owner: write.owner ?? nobody };
      const answer = await put(store, seen, { write: content, by: step.by, reason: step.reason, deadline });
      if (answer.kind === 'landed') await pin(store, write, { ...step, deadline });
      return answer;
    },
  };
}

/** As a text where an owner stands: what was there must not stay. */
const nobody = '';

const percentFor = (value: boolean): number => (value ? 100 : 0);

async function readAlone(store: HttpStore, key: string, deadline: Deadline): Promise<SeenFlag> {
  const { mapping, adapter } = store;
  const url = addressOf(store, mapping.flag, key);
  const reply = await askStore(store, { method: 'GET', url, leftMs: deadline.leftMs(), alsoFine: [404, 410] });
  if (reply.status === 404 || reply.status === 410) return { record: noFlag(key), document: null, version: null };
  const document = jsonIn(store, reply, parseExactly) as Json;
  const version = versionIn(mapping, reply, document);
  if (version === undefined)
    throw new AdapterError(
      adapter,
      'bad-answer',
      `The ${adapter} answered ${key} without the revision that its mapping names (${JSON.stringify(mapping.revision)}). Correct "revision" in the configuration.`,
    );
  return { record: readFlag(mapping, key, { document, revision: version }), document, version };
}

/** Undefined: the mapping names one, and it is not there. */
function versionIn({ revision }: HttpMapping, { headers }: StoreReply, document: Json): string | null | undefined {
  if (revision === null) return null;
  if ('header' in revision) {
    const value = headers[revision.header.toLowerCase()];
    return typeof value === 'string' ? value : undefined;
  }
  const value = pointAt(document, revision.field);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function addressOf({ adapter, mapping }: HttpStore, path: string, key: string): string {
  if (/^\.{0,2}$/.test(key))
    throw new AdapterError(adapter, 'not-configured', `A flag called "${key}" has no address. Give it another key.`);
  return `${mapping.url.replace(/\/$/, '')}${fillPath(path, key)}`;
}

interface Content {
  readonly write: ContentWrite;
  readonly by: string;
  readonly reason: string;
  readonly deadline: Deadline;
}

async function put(store: HttpStore, seen: SeenFlag, { deadline, ...content }: Content): Promise<RemoteAnswer> {
  const { mapping } = store;
  const form = seen.document === null ? (mapping.create ?? mapping.write) : mapping.write;
  const { type, text } = writeBody(form.body, mapping, { ...seen, ...content });
  const { status } = await askStore(store, {
    method: form.method,
    url: addressOf(store, form.path, seen.record.key),
    headers: { 'content-type': type, ...condition(mapping, seen) },
    body: text,
    leftMs: deadline.leftMs(),
    alsoFine: mapping.write.compare === null ? [] : mapping.write.conflict,
  });
  return { kind: status >= 300 ? 'overtaken' : 'landed' };
}

function condition({ write: { compare } }: HttpMapping, { document, version }: SeenFlag): Record<string, string> {
  if (compare === null || compare === 'body') return {};
  if (document === null) return { 'if-none-match': '*' };
  return version === null ? {} : { [compare.header]: version };
}

/** The safe state's other flags: everybody, or nobody. Written anew when somebody else writes them, too. */
async function pin(store: HttpStore, { set }: FlagWrite, { deadline, ...said }: Omit<Content, 'write'>): Promise<void> {
  await inLanes(Object.entries(set), async ([key, value]) => {
    for (let landed = false; !landed;) {
      const seen = await readAlone(store, key, deadline);
      const { exists, percent, fence, owner, safeState } = seen.record;
      if (exists && percent === percentFor(value)) return;
      const write = { percent: percentFor(value), fence: fence === 0 ? null : fence, owner, safeState };
      landed = (await put(store, seen, { write, by: said.by, reason: said.reason, deadline })).kind === 'landed';
    }
  });
}

async function list(store: HttpStore, flags: RemoteFlags<SeenFlag>): Promise<FlagRecord[]> {
  const { adapter, mapping } = store;
  const keys = 'keys' in mapping.list ? mapping.list.keys : await askKeys(store, mapping.list);
  const records = await inLanes(
    keys,
    async (key) => (await flags.read(key, deadlineFor(adapter, 2 * mapping.timeoutMs))).record,
  );
  return records.filter(({ exists }) => exists);
}

async function askKeys(
  store: HttpStore,
  { path, items, key }: Exclude<HttpMapping['list'], { keys: readonly string[] }>,
) {
  const { adapter, mapping } = store;
  const url = `${mapping.url.replace(/\/$/, '')}${path}`;
  const answer = jsonIn(store, await askStore(store, { method: 'GET', url, leftMs: mapping.timeoutMs })) as Json;
  const found = pointAt(answer, items);
  const keys = Array.isArray(found) ? (found as readonly Json[]).map((item) => pointAt(item, key)) : [undefined];
  if (keys.every((one) => typeof one === 'string')) return keys;
  throw new AdapterError(
    adapter,
    'bad-answer',
    `The ${adapter} answered GET ${path} without a list of keys at "${items}" and "${key}". Correct "list" in the configuration.`,
  );
}
