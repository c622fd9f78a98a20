/** Tables in Markdown, whatever people wrote into their cells. */

/** Names and reasons are people's text: a bar or a line break in them must not break the table. */
const cell = (value: string): string => value.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
