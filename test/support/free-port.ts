/** A port that nothing listens on at this moment. */
import { freePorts } from '../../src/dev/free-ports.js';

export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error('There is no free port.');
  return port;
}
