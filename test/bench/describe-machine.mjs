/** The machine that figures are from. */
import { cpus, loadavg } from 'node:os';

/** Other work on the machine is in every figure, so its load belongs to them. */
export const describeMachine = () => ({
  node: process.version,
  cpus: cpus().length,
  model: cpus()[0]?.model ?? 'unknown',
  load: loadavg(),
});
