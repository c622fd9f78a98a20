/** The few calls of Unleash's admin API that a rollout needs. PATCH, never PUT: a PUT drops what it does not repeat. */
import { digestOf } from '../../../core/digest.js';
import { AdapterError } from '../../adapter-error.js';
import { askStore, jsonIn, type StoreReply, type StoreServer } from '../ask-store.js';
import { isMembers, type Members } from '../flag-rule.js';
import type { Deadline } from '../remote-step.js';
import { readFeature, type UnleashFeature, type UnleashStrategy } from './unleash-feature.js';

export interface UnleashServer extends StoreServer {
  readonly url: string;
  readonly project: string;
  readonly environment: string;
}

const part = encodeURIComponent;
const projectUrl = ({ url, project }: UnleashServer): string =>
  `${url.replace(/\/$/, '')}/api/admin/projects/${part(project)}`;
const featureUrl = (server: UnleashServer, key: string): string => `${projectUrl(server)}/features/${part(key)}`;
const environmentUrl = (server: UnleashServer, key: string): string =>
  `${featureUrl(server, key)}/environments/${part(server.environment)}`;

const json = (value: unknown) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) });

/** Null: there is no such feature. */
export async function askFeature(
  server: UnleashServer,
  key: string,
  deadline: Deadline,
): Promise<UnleashFeature | null> {
  const { adapter, environment, project } = server;
  if (/^\.{0,2}$/.test(key)) throw wrong(adapter, `A flag cannot be called "${key}" in Unleash.`);
  const url = featureUrl(server, key);
  const reply = await askStore(server, { method: 'GET', url, leftMs: deadline.leftMs(), alsoFine: [404] });
  if (reply.status === 404) {
    const why = messageIn(reply);
    // An archived one is not there for anybody; only its name is taken.
    if (why.startsWith('Could not find feature flag')) return null;
    if (why.startsWith("There's no feature named") && !why.includes("but there's")) return null;
    throw wrong(
      adapter,
      `Unleash has no ${key} in the project ${project}: ${why}. Correct "project" and "url" in the configuration.`,
    );
  }
  const feature = readFeature(jsonIn(server, reply), environment);
  if (feature !== null) return feature;
  throw wrong(
    adapter,
    `Unleash has no environment ${environment} for ${key}. Correct "environment" in the configuration, or add it to the project ${project}.`,
  );
}

const wrong = (adapter: string, message: string): AdapterError => new AdapterError(adapter, 'not-configured', message);

const messageIn = ({ text }: StoreReply): string => {
  try {
    const parsed: unknown = JSON.parse(text);
    return isMembers(parsed) && typeof parsed['message'] === 'string' ? parsed['message'] : text;
  } catch {
    return text;
  }
};

export const revisionOf = ({ environment }: UnleashFeature): string => digestOf(environment);

export interface ListedFeature {
  readonly key: string;
  readonly enabled: boolean;
  readonly hasStrategies: boolean;
}

/** Those that have the environment. */
export async function askFeatures(server: UnleashServer): Promise<ListedFeature[]> {
  const reply = await askStore(server, {
    method: 'GET',
    url: `${projectUrl(server)}/features`,
    leftMs: server.timeoutMs,
  });
  const answer = jsonIn(server, reply);
  const features = isMembers(answer) && Array.isArray(answer['features']) ? (answer['features'] as unknown[]) : [];
  return features.filter(isMembers).flatMap(({ name, environments }) => {
    const all = Array.isArray(environments) ? (environments as unknown[]).filter(isMembers) : [];
    const one = all.find((environment) => environment['name'] === server.environment);
    if (one === undefined) return [];
    // A version that does not say whether there are strategies is asked.
    return [{ key: String(name), enabled: one['enabled'] === true, hasStrategies: one['hasStrategies'] !== false }];
  });
}

export async function createFeature(server: UnleashServer, key: string, deadline: Deadline): Promise<void> {
  const form = json({ name: key, type: 'release' });
  await askStore(server, { method: 'POST', url: `${projectUrl(server)}/features`, ...form, leftMs: deadline.leftMs() });
}

export interface NewStrategy {
  readonly rollout: string;
  readonly title: string;
}

export async function addStrategy(
  server: UnleashServer,
  key: string,
  { rollout, title, deadline }: NewStrategy & { readonly deadline: Deadline },
): Promise<void> {
  const form = json({
    name: 'flexibleRollout',
    title,
    parameters: { rollout, stickiness: 'default', groupId: key },
    constraints: [],
  });
  const url = `${environmentUrl(server, key)}/strategies`;
  await askStore(server, { method: 'POST', url, ...form, leftMs: deadline.leftMs() });
}

export interface PatchOperation {
  readonly op: 'test' | 'add' | 'replace';
  readonly path: '/title' | '/parameters/rollout';
  readonly value: string | null;
}

export const setRollout = (percent: number): PatchOperation => ({
  op: 'replace',
  path: '/parameters/rollout',
  value: String(percent),
});

/** False when the strategy is gone or not what the operations expect: then nothing was changed. */
export async function patchStrategy(
  server: UnleashServer,
  {
    key,
    strategy,
    deadline,
  }: { readonly key: string; readonly strategy: UnleashStrategy; readonly deadline: Deadline },
  operations: readonly PatchOperation[],
): Promise<boolean> {
  const url = `${environmentUrl(server, key)}/strategies/${part(strategy.id)}`;
  const reply = await askStore(server, {
    method: 'PATCH',
    url,
    ...json(operations),
    leftMs: deadline.leftMs(),
    // Unleash answers 500 to a test that fails.
    alsoFine: [404, 409, 500],
  });
  if (reply.status < 300) return true;
  if (reply.status !== 500 || reply.text.includes('TEST_OPERATION_FAILED')) return false;
  throw new AdapterError(
    server.adapter,
    'bad-answer',
    `The ${server.adapter} did not change ${key}: status 500 ${messageIn(reply).slice(0, 200)}. Look at Unleash's log.`,
  );
}

export async function switchEnvironment(
  server: UnleashServer,
  { key, deadline }: { readonly key: string; readonly deadline: Deadline },
  to: 'on' | 'off',
): Promise<void> {
  await askStore(server, { method: 'POST', url: `${environmentUrl(server, key)}/${to}`, leftMs: deadline.leftMs() });
}

export interface UnleashEvent {
  readonly id: string;
  readonly data: Members;
  readonly preData: Members;
}

/** The newest changes of a feature's strategies, newest first. */
export async function askEvents(server: UnleashServer, key: string, deadline: Deadline): Promise<UnleashEvent[]> {
  const query = `feature=${part(`IS:${key}`)}&type=${part('IS:feature-strategy-update')}&limit=10`;
  const url = `${server.url.replace(/\/$/, '')}/api/admin/search/events?${query}`;
  const answer = jsonIn(server, await askStore(server, { method: 'GET', url, leftMs: deadline.leftMs() }));
  const events = isMembers(answer) && Array.isArray(answer['events']) ? (answer['events'] as unknown[]) : [];
  return events
    .filter(isMembers)
    .flatMap(({ id, data, preData }) =>
      isMembers(data) && isMembers(preData) ? [{ id: String(id), data, preData }] : [],
    );
}
