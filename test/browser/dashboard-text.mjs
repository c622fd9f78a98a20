/** Numbers and names as a dashboard spells them. */

export const escapeText = (text) =>
  String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** `{{endpoint}}` is that label's value. */
export const legendText = (format, metric) => format.replaceAll(/\{\{(\w+)\}\}/g, (_, label) => metric[label] ?? '');

const short = (value) => String(Number(value.toPrecision(3)));

export function spell(value, unit) {
  switch (unit) {
    case 'percentunit':
      return `${Number((value * 100).toPrecision(4))} %`;
    case 'percent':
      return `${short(value)} %`;
    case 's':
      return value < 1 ? `${short(value * 1_000)} ms` : `${short(value)} s`;
    case 'cpm':
      return `${short(value)} / min`;
    default:
      return short(value);
  }
}
