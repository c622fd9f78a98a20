/** A percent as somebody's service spells it: 25, "25", 0.25 or "0.25". */
import type { Json } from '../../smoke/placeholders.js';
import type { PercentForm } from './http-mapping.js';

export function writePercent(percent: number, form: PercentForm): Json {
  // A division by a hundred leaves digits that nobody asked for.
  const value = form.startsWith('ratio') ? Number((percent / 100).toFixed(5)) : percent;
  return form.endsWith('text') ? String(value) : value;
}

/** Null for what is no percent in this form, also a number where a text is expected. */
export function readPercent(value: Json | undefined, form: PercentForm): number | null {
  const text = form.endsWith('text');
  if (typeof value !== (text ? 'string' : 'number') || value === '') return null;
  const percent = Number(value) * (form.startsWith('ratio') ? 100 : 1);
  return percent >= 0 && percent <= 100 ? Math.round(percent * 1_000) / 1_000 : null;
}
