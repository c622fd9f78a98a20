/** Text from elsewhere, made harmless for a terminal: names and reasons are what other people typed. */

/** Control characters could move the cursor or recolour a verdict. */
// oxlint-disable-next-line no-control-regex
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** A copy with every text in it cleaned; line breaks and tabs become spaces. */
export function plain<T>(value: T): T {
  return clean(value) as T;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(control, '').replaceAll(/[\n\t]+/g, ' ');
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, clean(member)]));
}
