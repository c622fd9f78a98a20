/** What was measured of a crowd, as rows with their goals. */
import { percentile } from './percentile.mjs';

export function scaleRows({ startedInMs, lateness, asksPerSecond, ones, group, usage }, { asks, goals }) {
  const row = (what, value, [unit, atMost = null]) => ({ what, value, unit, atMost: goals ? atMost : null });
  const tick = goals ? 'look' : 'tick';
  const { worker, server, store } = usage;
  return [
    row('all started and settled within', startedInMs / 1_000, ['s']),
    row(`${tick}s measured`, lateness.length, ['']),
    row(`${tick} late, p50`, percentile(lateness, 0.5), ['ms']),
    row(`${tick} late, p99`, percentile(lateness, 0.99), ['ms', 1_000]),
    row(`${tick} late, longest`, percentile(lateness, 1), ['ms']),
    ...(asks === null
      ? []
      : [row(`queries a second, of ${asks.toFixed(1)} that guards and looks are to make`, asksPerSecond, [''])]),
    row(`signal → durable at 0, one of ${ones.length}, p50`, percentile(ones, 0.5), ['ms']),
    row(`signal → durable at 0, one of ${ones.length}, p99`, percentile(ones, 0.99), ['ms', 250]),
    row(`${group.size} signals at once → half durable at 0`, group.p50, ['ms']),
    row(`${group.size} signals at once → all durable at 0`, group.ms, ['ms']),
    row('worker memory, peak, all together', worker.peakMib, ['MiB', 768]),
    row('worker processor time', worker.cores, ['cores']),
    ...(server.peakMib === 0
      ? []
      : [row('server memory, peak', server.peakMib, ['MiB']), row('server processor time', server.cores, ['cores'])]),
    ...(store === undefined ? [] : [row('database processor time', store.cores, ['cores'])]),
  ];
}

export function ratioRows(ours, theirs) {
  const ratio = (what, of) => ({ what, value: of(ours) / of(theirs), unit: '×', atMost: null });
  return [
    ratio('late, p50', ({ lateness }) => percentile(lateness, 0.5)),
    ratio('late, p99', ({ lateness }) => percentile(lateness, 0.99)),
    ratio('signal → durable, p50', ({ ones }) => percentile(ones, 0.5)),
    ratio('signal → durable, p99', ({ ones }) => percentile(ones, 0.99)),
    ratio('signals at once → all durable', ({ group }) => group.ms),
    ratio('worker memory', ({ usage }) => usage.worker.peakMib),
    ratio('worker processor time', ({ usage }) => usage.worker.cores),
  ];
}
