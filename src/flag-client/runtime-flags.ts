/** Flags of one page and its user by name: a thin layer over `createFlags`. */
import { anonymousId } from './anonymous-id.js';
import { createFlags, type CreateFlags } from './create-flags.js';
import type { FlagContext, Widened } from './flag-values.js';
import type { FlagsStatus } from './hold-document.js';
import type { Flags } from './open-flags.js';
import { page } from './page.js';

export interface LoadRuntimeFlags extends CreateFlags {
  /** The flag that `isUserInRollout` asks. */
  readonly flag?: string | undefined;
  /** Who is logged in; without it, somebody with a stable id of their own. */
  readonly user?: string | undefined;
}

type Values = Record<string, unknown>;
type Listener = (flags: Readonly<Values>) => void;

/** Each flag's value for this page's user. Changes with the document. */
export const FLAGS: Readonly<Values> = {};

let flags: Flags | undefined;
let asked: LoadRuntimeFlags = {};
const listeners = new Set<Listener>();

/**
 * Begins with what is in the page, the element `holdpoint-flags` or else `window.__FLAGS__`, and follows `/flags.json`.
 * A second call loads anew, for instance after somebody logged in. Never rejects.
 */
export function loadRuntimeFlags(options: LoadRuntimeFlags = {}): Promise<FlagsStatus> {
  flags?.close();
  asked = options;
  flags = createFlags({ url: '/flags.json', inline: 'holdpoint-flags', document: page.__FLAGS__, ...options });
  flags.onChange(show);
  show();
  return flags.ready;
}

/** Off, or the default, until flags are loaded. */
export const getFlag = <T = boolean>(name: string, byDefault: T = false as T): Widened<T> =>
  flags ? flags.get(name, byDefault, contextOf()) : (byDefault as Widened<T>);

/** Whether the flag given to `loadRuntimeFlags` is on for the user, by default for the page's own. */
export const isUserInRollout = (user?: string): boolean =>
  flags?.get(asked.flag ?? '', false, contextOf(user)) === true;

/** Called when flags are loaded, at once if they are, and after each change. @returns what ends it. */
export function onFlagsLoaded(listener: Listener): () => void {
  listeners.add(listener);
  tell(listener);
  return () => listeners.delete(listener);
}

const tell = (listener: Listener): unknown => flags?.status().loaded && listener(FLAGS);

const contextOf = (user = asked.user): FlagContext => ({
  ...asked.context,
  targetingKey: user ?? anonymousId(),
});

function show(): void {
  const values: Values = FLAGS;
  for (const name in values) delete values[name];
  for (const name of flags?.keys() ?? []) values[name] = getFlag<unknown>(name, undefined);
  listeners.forEach(tell);
}
