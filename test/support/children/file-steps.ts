/** Counts the calls by which this process touches files, and calls back before each: to be killed or stopped there. */
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

type Call = (...given: unknown[]) => Promise<unknown>;

const functions = ['open', 'rename', 'rm', 'readFile', 'readdir', 'readlink', 'realpath', 'stat', 'symlink', 'unlink'];
const handleMethods = ['appendFile', 'chmod', 'chown', 'datasync', 'read', 'stat', 'sync'];

/** @param before - called with each call's name, and what it was given, before it happens. */
export async function beforeFileSteps(
  before: (name: string, given: readonly unknown[]) => Promise<void>,
): Promise<void> {
  const wrap = (target: Record<string, Call>, name: string, shown: string): void => {
    const original = target[name];
    if (original === undefined) throw new Error(`no ${shown} to wrap`);
    target[name] = async function (this: unknown, ...given) {
      await before(shown, given);
      return original.apply(this, given);
    };
  };
  const handle = await fs.open(process.execPath, 'r');
  const prototype = Object.getPrototypeOf(handle) as Record<string, Call>;
  await handle.close();
  for (const name of handleMethods) wrap(prototype, name, `handle.${name}`);
  halve(prototype, before);
  for (const name of functions) wrap(fs as unknown as Record<string, Call>, name, name);
  syncBuiltinESMExports();
}

/** A text goes to the disk in two halves, with a step between them: what a kill in the middle of a write leaves. */
function halve(
  prototype: Record<string, Call>,
  before: (name: string, given: readonly unknown[]) => Promise<void>,
): void {
  const write = prototype['writeFile'];
  if (write === undefined) throw new Error('no handle.writeFile to wrap');
  prototype['writeFile'] = async function (this: unknown, text: unknown) {
    await before('handle.writeFile', [text]);
    const whole = String(text);
    const middle = Math.floor(whole.length / 2);
    await write.call(this, whole.slice(0, middle));
    await before('handle.writeFile, second half', [text]);
    return write.call(this, whole.slice(middle));
  };
}
