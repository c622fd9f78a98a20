/** People as messages name them. */

/** One human is one vote, however the name is typed: Unicode compatibility form, case folded, trimmed. */
export function personKey(by: string): string {
  return by.normalize('NFKC').trim().toLowerCase();
}

/** A usable name, or null for junk. 200 characters are enough for any address; more is an attack on the audit's size. */
export function readName(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const name = value.trim();
  return name.length === 0 || name.length > 200 ? null : name;
}

/** Free text, cut to 2,000 characters; anything else reads as absent. */
export function readText(value: unknown): string | null {
  if (typeof value !== 'string' || value.trim() === '') return null;
  return value.trim().slice(0, 2_000);
}

/** The members of a message's argument; junk reads as no members. */
export function readMembers(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
