/** The part of a page that is made: between two marks, which its readers do not see. */

const begin = (name: string): string => `<!-- ${name}: made by \`holdpoint rules runbooks\`, do not edit here -->`;
const end = (name: string): string => `<!-- end of ${name} -->`;

export const markedBlock = (name: string, text: string): string => `${begin(name)}\n\n${text}\n\n${end(name)}`;

/** The page with another block of that name; null when the page has not exactly one place for it. */
export function replaceBlock(page: string, name: string, text: string): string | null {
  const [before, rest, more] = page.split(begin(name));
  if (before === undefined || rest === undefined || more !== undefined) return null;
  const [, after, again] = rest.split(end(name));
  return after === undefined || again !== undefined ? null : `${before}${markedBlock(name, text)}${after}`;
}
