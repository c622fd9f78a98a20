/** Files that are made from another file: written, or looked at for being what they would be now. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Catalogue } from '../catalogue/catalogue.js';
import { CliError } from './cli-error.js';
import { exitCode } from './exit-code.js';
import { renderProblems } from './open-config.js';
import type { Program } from './program.js';

interface RenderedFile {
  readonly path: string;
  readonly text: string;
}

type FileState = 'same' | 'missing' | 'differs';

export interface RenderOptions {
  readonly out: string;
  readonly check?: boolean;
  readonly json?: boolean;
}

export const catalogueHelp = 'SLI catalogue, YAML or JSON';
export const defaultCatalogue = 'ops/slis/reporting.yaml';

export async function openCatalogue(path: string): Promise<Catalogue> {
  const { loadCatalogue } = await import('../catalogue/load-catalogue.js');
  const loaded = await loadCatalogue(path);
  if (loaded.ok) return loaded.catalogue;
  throw new CliError(exitCode.invalidFile, renderProblems(loaded.problems));
}

/** With `check` nothing is written, and any file that is not as it should be ends the command with exit code 3. */
export async function settleFiles(
  { terminal, ended }: Program,
  files: readonly RenderedFile[],
  { out, check = false, json = false }: RenderOptions,
): Promise<void> {
  const settled: { readonly path: string; readonly state: FileState | 'written' }[] = [];
  for (const { path, text } of files) {
    const target = join(out, path);
    const state = await stateOf(target, text);
    if (!check && state !== 'same') await write(target, text);
    settled.push({ path: target, state: check || state === 'same' ? state : 'written' });
  }
  const stale = settled.filter(({ state }) => state === 'missing' || state === 'differs');
  if (json) terminal.data(JSON.stringify({ ok: stale.length === 0, files: settled }, null, 2));
  else for (const { path, state } of settled) terminal.data(`${path}: ${words[state]}`);
  if (stale.length === 0) return;
  terminal.talk('Not what the catalogue says now. Give the same command without --check, and commit what it writes.');
  ended(exitCode.invalidFile);
}

const words = { same: 'up to date', written: 'written', missing: 'missing', differs: 'differs' } as const;

async function stateOf(path: string, text: string): Promise<FileState> {
  try {
    return (await readFile(path, 'utf8')) === text ? 'same' : 'differs';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
    throw unusable(path, error);
  }
}

async function write(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    throw unusable(path, error);
  }
}

const unusable = (path: string, error: unknown): CliError =>
  new CliError(
    exitCode.invalidFile,
    `${path} cannot be used: ${(error as Error).message}. Name a folder that can be written with --out.`,
  );
