/** Path of the production workflow bundle, built if missing or stale. */
export function buildBundle(): Promise<string>;
