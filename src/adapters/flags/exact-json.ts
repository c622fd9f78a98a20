/** JSON in and out, numbers as they were spelled: a flag of somebody else's may hold more digits than a double does. */

/** Strings first, so that digits inside them stay what they are. */
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;
const mark = '\u0000number:';
const marked = /"\\u0000number:([^"]*)"/g;

/** A number of many digits or with an exponent: it follows one of these, which an id or a time in a string hardly does. */
const unusual = /(?:^|[:,[\s])-?(?:[\d.]{16}|[\d.]+[eE])/;

/** A number that a double would change reads as a marked text. */
export function parseExactly(text: string): unknown {
  if (!unusual.test(text)) return JSON.parse(text) as unknown;
  const kept = text.replace(token, (whole) => (isKept(whole) ? whole : JSON.stringify(`${mark}${whole}`)));
  return JSON.parse(kept) as unknown;
}

/** @param indent - 0: on one line */
export const renderExactly = (value: unknown, indent = 2): string =>
  JSON.stringify(value, null, indent).replace(marked, (_, number: string) => number);

function isKept(text: string): boolean {
  if (text.startsWith('"')) return true;
  const digits = text
    .replace(/[eE].*/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '');
  return digits.length <= 15 && Number.isFinite(Number(text)) && !(Number(text) === 0 && digits !== '');
}
