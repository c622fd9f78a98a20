/** Secrets by name: `${NAME}` in a configuration file stands for an environment variable. */

/** Upper case only: `${run.id}` and its like are not the environment's. */
const placeholder = /\$\{([A-Z][A-Z0-9_]*)\}/g;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Filled {
  readonly text: string;
  /** Names that are not set, or empty. */
  readonly missing: readonly string[];
  /** The values put in: they must not show up in what people read. */
  readonly secrets: readonly string[];
}

export function fillEnvironment(text: string, env: Environment): Filled {
  const missing: string[] = [];
  const secrets: string[] = [];
  const filled = text.replace(placeholder, (whole, name: string) => {
    const value = env[name];
    if (value === undefined || value === '') {
      missing.push(name);
      return whole;
    }
    secrets.push(value);
    return value;
  });
  return { text: filled, missing, secrets };
}

/** What is left to be filled in but has no name of the environment's, fit to be shown; null when there is nothing. */
export function strayPlaceholder(text: string): string | null {
  const rest = text.replace(placeholder, '');
  if (!rest.includes('${')) return null;
  // A secret may by chance hold these characters: only what looks like a name is repeated.
  return /\$\{[A-Za-z0-9_.-]{1,40}\}/.exec(rest)?.[0] ?? '${…}';
}

export function sayMissing(names: readonly string[]): string {
  const [first = 'NAME'] = names;
  const which = names.length > 1 ? `variables ${[...new Set(names)].join(', ')} are` : `variable ${first} is`;
  return `the environment ${which} not set; set it where this process starts, such as: export ${first}=…`;
}
