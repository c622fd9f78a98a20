/** Text for Temporal's summaries: the server refuses a workflow task, and so a rollback, whose summary is over 400 bytes. */

const limitBytes = 200;

/** One line of at most 200 bytes as JSON, whatever people wrote: no control characters, no halves of a character. */
export function summaryText(text: string): string {
  let bytes = 0;
  let line = '';
  for (const character of text.replaceAll(/[\s\p{Cc}\p{Cs}]+/gu, ' ').trim()) {
    bytes += bytesOf(character);
    if (bytes > limitBytes) return `${line}…`;
    line += character;
  }
  return line;
}

function bytesOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (character === '"' || character === '\\') return 2;
  return code < 0x80 ? 1 : code < 0x8_00 ? 2 : code < 0x1_00_00 ? 3 : 4;
}
