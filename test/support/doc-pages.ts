/** The pages as readers see them: text, fenced blocks, code spans. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const docRoot = fileURLToPath(new URL('../..', import.meta.url));

export interface DocPage {
  /** Path from the root. */
  readonly name: string;
  readonly text: string;
}

export interface Fence {
  readonly language: string;
  readonly body: string;
}

export async function readPages(): Promise<DocPage[]> {
  const inDocs = (await readdir(join(docRoot, 'docs'), { recursive: true })).filter((file) => file.endsWith('.md'));
  const names = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...inDocs.sort().map((file) => join('docs', file))];
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(docRoot, name), 'utf8') })));
}

export const readPage = (name: string): Promise<string> => readFile(join(docRoot, name), 'utf8');

const fence = /^( *)```(\w*)\n([\s\S]*?)^\1```$/gm;

export const fencesOf = (text: string): Fence[] =>
  [...text.matchAll(fence)].map(([, , language = '', body = '']) => ({ language, body }));

export const withoutFences = (text: string): string => text.replaceAll(fence, '');

/** What stands between single backticks, outside fenced blocks. */
export const codeSpansOf = (text: string): string[] =>
  [...withoutFences(text).matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
