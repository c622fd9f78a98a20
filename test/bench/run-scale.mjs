/** `bench:scale` from its options to a table or JSON. Nothing here is a test: no figure fails. */
import { describeMachine } from './describe-machine.mjs';
import { openClosers } from './closers.mjs';
import { renderBench } from './render-bench.mjs';
import { measureScale } from './scale.mjs';
import { untilStopped } from './until-stopped.mjs';

export { serverKinds } from './scale-server.mjs';

const limitMs = 1_200_000;

/** @returns the exit code. Whatever was started has ended by then. */
export async function runScale(options) {
  const machine = describeMachine();
  const closers = openClosers();
  try {
    const ended = await Promise.race([measureScale(closers, options), untilStopped(limitMs)]);
    if (typeof ended === 'number') return ended;
    if (options.json)
      console.log(JSON.stringify({ at: new Date().toISOString(), machine, options, results: ended }, null, 2));
    else console.log(renderBench(machine, ended));
    return 0;
  } finally {
    await closers.close();
  }
}
