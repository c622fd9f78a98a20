/** From a folder to its templates, or every problem in every file. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Problem } from '../documents/problem.js';
import { checkTemplate } from './check-template.js';
import type { Template } from './template.js';

export type LoadedTemplates =
  | { readonly kind: 'templates'; readonly templates: readonly Template[]; readonly problems: readonly Problem[] }
  /** In words, behind the folder's name. */
  | { readonly kind: 'no-folder'; readonly why: string };

export const templateEnding = '.liquid';

/** Never throws. */
export async function loadTemplates(folder: string): Promise<LoadedTemplates> {
  let names: string[];
  try {
    names = (await readdir(folder)).filter((name) => name.endsWith(templateEnding)).sort();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { kind: 'no-folder', why: code === 'ENOENT' || code === 'ENOTDIR' ? 'there is no such folder' : message };
  }
  if (names.length === 0) return { kind: 'no-folder', why: `there is no file that ends in ${templateEnding} in it` };
  const checked = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      return checkTemplate(await readFile(file, 'utf8'), { name: basename(name, templateEnding), file });
    }),
  );
  return {
    kind: 'templates',
    templates: checked.flatMap((one) => (one.ok ? [one.template] : [])),
    problems: checked.flatMap((one) => (one.ok ? [] : one.problems)),
  };
}
