/** What people do in Unleash, by its own API. */
import type { OtherPeople } from './contracts/flag-store-contract.js';

export interface StrategyForm {
  readonly rollout: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly constraints?: readonly unknown[];
  readonly title?: string;
  readonly disabled?: boolean;
}

interface Strategy {
  readonly id: string;
  readonly title: string | null;
  readonly parameters: Readonly<Record<string, string>>;
}

export type UnleashAdmin = ReturnType<typeof unleashAdmin>;

/** @param prefix - of every flag's name, as it is at the time. */
export function unleashAdmin(
  { url, token }: { readonly url: string; readonly token: string },
  environment: string,
  prefix = () => '',
) {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}/api/admin${path}`, {
      method,
      headers: { authorization: token, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok && response.status !== 409) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : (JSON.parse(text) as unknown);
  };
  const features = '/projects/default/features';
  const at = (key: string): string => `${features}/${prefix()}${key}/environments/${environment}`;
  const strategies = (key: string): Promise<Strategy[]> => call('GET', `${at(key)}/strategies`) as Promise<Strategy[]>;
  const switchTo = (key: string, to: 'on' | 'off') => call('POST', `${at(key)}/${to}`);
  const makeStrategy = async (key: string, { parameters, constraints = [], rollout, ...rest }: StrategyForm) => {
    await call('POST', features, { name: `${prefix()}${key}`, type: 'release' });
    const all = { stickiness: 'default', groupId: key, ...parameters, rollout };
    await call('POST', `${at(key)}/strategies`, { name: 'flexibleRollout', parameters: all, constraints, ...rest });
  };
  const setRollout = (key: string, id: string, value: string) =>
    call('PATCH', `${at(key)}/strategies/${id}`, [{ op: 'replace', path: '/parameters/rollout', value }]);
  const archive = (key: string) => call('DELETE', `${features}/${prefix()}${key}`);
  const others: OtherPeople = {
    setPercent: async (key, percent) => {
      const [one] = await strategies(key).catch(() => []);
      if (one === undefined) await makeStrategy(key, { rollout: String(percent) });
      else await setRollout(key, one.id, String(percent));
      await switchTo(key, 'on');
    },
    switchOff: async (key) => void (await switchTo(key, 'off')),
    spoilRule: async (key) => {
      await makeStrategy(key, { rollout: '20' });
      await makeStrategy(key, { rollout: '30' });
      await switchTo(key, 'on');
    },
  };
  return {
    others,
    strategies,
    makeStrategy,
    setRollout,
    archive,
    deleteStrategy: (key: string, id: string) => call('DELETE', `${at(key)}/strategies/${id}`),
    isOn: async (key: string): Promise<boolean> => ((await call('GET', at(key))) as { enabled: boolean }).enabled,
    events: async (key: string) =>
      (
        (await call('GET', `/events/${prefix()}${key}`)) as {
          events: { id: number; type: string; data: unknown; preData: unknown }[];
        }
      ).events,
    clientFeatures: async (clientToken: string): Promise<string> =>
      (await fetch(`${url}/api/client/features`, { headers: { authorization: clientToken } })).text(),
  };
}
