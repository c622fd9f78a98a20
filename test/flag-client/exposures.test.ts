/** What is told of the answers users were given: which, how often, and that telling spoils nothing. */
import { Counter, Registry } from 'prom-client';
import { expect, it, vi } from 'vitest';
import { createFlags } from '../../src/flag-client/create-flags.js';
import { tellExposures, type Exposure } from '../../src/flag-client/exposures.js';
import type { FlagContext } from '../../src/flag-client/flag-values.js';
import { openFlags } from '../../src/flag-client/open-flags.js';
import type { Sink } from '../../src/flag-client/hold-document.js';
import { documentOf } from '../support/a-flag-document.js';

const text = documentOf({ everybody: { percent: 100 }, half: { percent: 50 }, nobody: { percent: 0 } });

/** @returns flags that tell, what they told, and a way to bring another document. */
function told() {
  const exposures: string[] = [];
  let sink: Sink | null = null;
  const flags = openFlags(text, [(one) => ((sink = one), () => {})], {});
  const telling = tellExposures(flags, ({ flag, variant }: Exposure, { targetingKey = '-' }: FlagContext) =>
    exposures.push(`${targetingKey}: ${flag} ${variant}`),
  );
  return { flags: telling, exposures, bring: (next: string) => sink?.take(next) };
}

it('an answer is told with its variant and whose it is, however it was asked for', () => {
  const { flags, exposures } = told();
  expect(flags.get('everybody', false, { targetingKey: 'dana' })).toBe(true);
  expect(flags.details('nobody', true, { targetingKey: 'dana' })).toMatchObject({ value: false, variant: 'off' });
  expect(flags.get('half', false, { targetingKey: 'dana' })).toBe(exposures.includes('dana: half on'));
  expect(exposures).toHaveLength(3);
  expect(exposures).toContain('dana: everybody on');
  expect(exposures).toContain('dana: nobody off');
});

it('a context counts once for a flag and a variant: a request that asks three times is one exposure, the next is another', () => {
  const { flags, exposures, bring } = told();
  const request = { targetingKey: 'dana' };
  for (let times = 0; times < 3; times += 1) flags.get('everybody', false, request);
  expect(exposures).toEqual(['dana: everybody on']);
  flags.get('nobody', false, request);
  flags.get('everybody', false, request);
  expect(exposures).toHaveLength(2);
  flags.get('everybody', false, { ...request });
  expect(exposures).toHaveLength(3);
  // The rollback is seen by whoever lives long enough, such as a page.
  bring(documentOf({ everybody: { percent: 0 } }));
  flags.get('everybody', false, request);
  expect(exposures.at(-1)).toBe('dana: everybody off');
});

it('without a context all are one', () => {
  const { flags, exposures } = told();
  flags.get('everybody', false);
  flags.get('everybody', false);
  expect(exposures).toEqual(['-: everybody on']);
});

it("the application's own default is no exposure", () => {
  const { flags, exposures, bring } = told();
  flags.get('unknown', true);
  flags.get('everybody', 'text');
  bring('{"flags":{"everybody":{"state":"DISABLED"},"half":{"state":"broken"}}}');
  flags.get('everybody', true);
  flags.get('half', true);
  expect(exposures).toEqual([]);
});

it('a counter that throws takes no answer away', () => {
  const silent = vi.spyOn(console, 'error').mockReturnValue();
  const flags = tellExposures(createFlags({ document: JSON.parse(text) as object }), () => {
    throw new Error('no such label');
  });
  expect(flags.get('everybody', false)).toBe(true);
  expect(silent).toHaveBeenCalledOnce();
  silent.mockRestore();
});

it('what is told are the labels of a prom-client counter, and all else of the flags stays', async () => {
  const registry = new Registry();
  const counter = new Counter({
    name: 'flag_exposures_total',
    help: 'Answers given.',
    labelNames: ['flag', 'variant'] as const,
    registers: [registry],
  });
  const plain = createFlags({ document: JSON.parse(text) as object });
  const flags = tellExposures(plain, (exposure) => counter.inc({ ...exposure }));
  flags.get('everybody', false, { targetingKey: 'dana' });
  flags.get('everybody', false, { targetingKey: 'mira' });
  expect(await registry.metrics()).toContain('flag_exposures_total{flag="everybody",variant="on"} 2');
  expect(flags.keys()).toEqual(plain.keys());
  expect(await flags.ready).toEqual({ loaded: true, problem: null });
});
