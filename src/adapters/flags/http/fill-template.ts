/** `{name}` in paths and body templates of a mapping. */
import { isList, type Json } from '../../smoke/placeholders.js';

export const templateNames = [
  'key',
  'percent',
  'fence',
  'owner',
  'safeState',
  'breakGlass',
  'by',
  'reason',
  'revision',
] as const;

export type TemplateName = (typeof templateNames)[number];
export type TemplateValues = Readonly<Record<TemplateName, Json>>;

const pattern = /\{([A-Za-z]+)\}/g;

/** Every `{name}` in a text or, at any depth, in a value. */
export function namesIn(json: Json): string[] {
  if (typeof json === 'string') return [...json.matchAll(pattern)].map((match) => match[1] ?? '');
  if (json === null || typeof json !== 'object') return [];
  return (isList(json) ? json : Object.values(json)).flatMap(namesIn);
}

export const fillPath = (path: string, key: string): string => path.replaceAll('{key}', encodeURIComponent(key));

export const fillTemplate = (json: Json, values: TemplateValues): Json => fillNames(json, values);

/** A text that is one placeholder and nothing else becomes the value itself: a number stays a number. */
export function fillNames(json: Json, values: Readonly<Record<string, Json>>): Json {
  if (typeof json === 'string') {
    const only = /^\{([A-Za-z]+)\}$/.exec(json)?.[1];
    if (only !== undefined) return valueOf(only, values) ?? null;
    return json.replace(pattern, (whole, name: string) => asText(valueOf(name, values), whole));
  }
  if (json === null || typeof json !== 'object') return json;
  if (isList(json)) return json.map((item) => fillNames(item, values));
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, fillNames(value, values)]));
}

const valueOf = (name: string, values: Readonly<Record<string, Json>>): Json | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

function asText(value: Json | undefined, otherwise: string): string {
  if (value === undefined) return otherwise;
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
