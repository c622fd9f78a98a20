/** Flag documents as the file store writes them, for those who read them. */
import { ruleFor } from '../../src/adapters/flags/flag-rule.js';

export interface WrittenFlag {
  readonly percent: number;
  readonly revision?: number;
}

/** The text of a document with these flags. */
export function documentOf(flags: Readonly<Record<string, WrittenFlag>>): string {
  const written = Object.entries(flags).map(([key, { percent, revision = 1 }]) => [
    key,
    {
      state: 'ENABLED',
      variants: { on: true, off: false },
      ...ruleFor(percent),
      metadata: { 'holdpoint.revision': revision },
    },
  ]);
  return JSON.stringify({ flags: Object.fromEntries(written) as object });
}
