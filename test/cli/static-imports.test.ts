/** What help, check and explain load: neither Temporal nor anything slow, or they could not answer at once. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, inject, it } from 'vitest';

/** Every package that a compiled file imports statically, over our own files. */
async function packagesOf(entry: string): Promise<string[]> {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = await readFile(file, 'utf8');
    for (const [, name = ''] of text.matchAll(/^(?:import|export)\s(?:[^'";=]*\bfrom\s)?['"]([^'"]+)['"];?$/gm)) {
      if (name.startsWith('.')) await visit(join(dirname(file), name));
      else if (!name.startsWith('node:')) packages.add(name);
    }
  };
  await visit(entry);
  return [...packages].sort();
}

const fromCli = (path: string): string => join(dirname(inject('cliPath')), path);

it('help loads the parser and the colours', async () => {
  expect(await packagesOf(inject('cliPath'))).toEqual(['commander', 'picocolors']);
});

it.each([
  'commands/check.js',
  'commands/explain.js',
  'commands/schema.js',
  '../plan/explain-plan.js',
  '../plan/load-plan.js',
  '../config.js',
])('%s loads no Temporal package', async (path) => {
  const packages = await packagesOf(fromCli(path));
  expect(packages.filter((name) => name.startsWith('@temporalio'))).toEqual([]);
});

it('the command that talks to Temporal does load it, but only when it runs', async () => {
  expect(await packagesOf(fromCli('commands/status.js'))).toEqual([
    '@noble/hashes/sha2.js',
    '@noble/hashes/utils.js',
    'commander',
  ]);
  expect(await packagesOf(fromCli('../rollout-client.js'))).toContain('@temporalio/client');
});
