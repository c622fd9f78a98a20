/** OpenFeature's SDKs with our provider beside the same SDK with its own in-memory provider, in turns. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as server from '@openfeature/server-sdk';
import * as web from '@openfeature/web-sdk';
import { percentile } from './percentile.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const built = (name) => import(join(root, 'dist', 'flag-client', name));

const rounds = 41;
const warmUp = 5;
const calls = 2_000;
const key = 'flag-number-50';

const targeting = {
  fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] }, ['on', 25_000], ['off', 75_000]],
};
const flag = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' };
const keys = Array.from({ length: 100 }, (_, index) => `flag-number-${index}`);
const all = (one) => Object.fromEntries(keys.map((name) => [name, one]));
const contexts = Array.from({ length: calls }, (_, index) => ({ targetingKey: `user-${index * 7_919}@example.org` }));

const ours = {
  'everybody in': { flags: all(flag) },
  '25 % in': { flags: all({ ...flag, targeting }) },
};

export async function measureOpenFeature(closers) {
  await closers.add(async () => void (await Promise.all([server.OpenFeature.close(), web.OpenFeature.close()])));
  return [
    ...(await compare('server', server, { provider: await built('openfeature-server.js'), ask: askServer })),
    ...(await compare('web', web, { provider: await built('openfeature-web.js'), ask: askWeb })),
  ];
}

async function compare(name, { OpenFeature, InMemoryProvider }, { provider, ask }) {
  const memory = all({ variants: { on: true, off: false }, defaultVariant: 'on', disabled: false });
  await OpenFeature.setProviderAndWait('memory', new InMemoryProvider(memory));
  const clients = { memory: OpenFeature.getClient('memory') };
  for (const [which, document] of Object.entries(ours)) {
    await OpenFeature.setProviderAndWait(which, provider.createHoldpointProvider({ document }));
    clients[which] = OpenFeature.getClient(which);
  }
  if (name === 'web') await OpenFeature.setContext(contexts[0]);
  const times = await inTurns(clients, ask);
  const beside = `${name} SDK with its in-memory provider, no share`;
  return [
    { what: beside, value: times.memory, unit: 'ns', atMost: null },
    ...Object.keys(ours).flatMap((which) => [
      { what: `${name} SDK with ours, ${which}`, value: times[which], unit: 'ns', atMost: null },
      { what: `ours ÷ in-memory, ${name}, ${which}`, value: times[which] / times.memory, unit: '×', atMost: 1.05 },
    ]),
  ];
}

async function askServer(client) {
  let inside = 0;
  for (const context of contexts) if (await client.getBooleanValue(key, false, context)) inside += 1;
  return inside;
}

/** The web SDK asks for whoever the page's user is. */
async function askWeb(client) {
  let answered = 0;
  for (let index = 0; index < calls; index += 1)
    if (client.getBooleanDetails(key, false).errorCode === undefined) answered += 1;
  return answered;
}

/** Of each, the median of its rounds without those that warm it up, in nanoseconds a call. Each round begins with another. */
async function inTurns(clients, ask) {
  const names = Object.keys(clients);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length];
      const begun = process.hrtime.bigint();
      const counted = await ask(clients[name]);
      const tookNs = Number(process.hrtime.bigint() - begun);
      if (counted === 0) throw new Error(`${name} answered nobody: nothing was measured`);
      if (round >= warmUp) times[name].push(tookNs / calls);
    }
  }
  return Object.fromEntries(names.map((name) => [name, percentile(times[name], 0.5)]));
}
