/** Text that others wrote, as one line of Markdown: a name or a reason cannot pose as a heading, a link or a button. */

export function markdownText(text: string): string {
  return text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replaceAll(/[\\`*_[\]<>#|~&]/g, '\\$&');
}
