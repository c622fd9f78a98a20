/** Text in columns that line up, whatever is coloured in it. */
import { stripVTControlCharacters } from 'node:util';

/** Two spaces between columns; the last one is as long as it is. */
export function renderColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell + ' '.repeat((widths[index] ?? 0) - widthOf(cell))))
      .join('  ')
      .trimEnd(),
  );
}

const widthOf = (cell: string): number => Array.from(stripVTControlCharacters(cell)).length;
