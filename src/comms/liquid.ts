/** The template language: Liquid without files and without guesses. */
import { Liquid } from 'liquidjs';

/** Slack's own three, so that no field becomes a mention of the whole room; elsewhere text is text. */
export const escapeFor = (medium: string, text: string): string =>
  medium === 'slack' ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') : text;

const opened = new Map<string, Liquid>();

/** One for each way of escaping: making one costs more than parsing a template. */
export function openLiquid(medium: string): Liquid {
  const liquid = opened.get(medium) ?? makeLiquid(medium);
  opened.set(medium, liquid);
  return liquid;
}

function makeLiquid(medium: string): Liquid {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    outputEscape: (value: unknown) => escapeFor(medium, plainText(value)),
  });
  // One file is one message: what it says stands in it.
  for (const tag of ['include', 'render', 'layout', 'block']) delete liquid.tags[tag];
  return liquid;
}

const plainText = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(plainText).join('; ');
  return typeof value === 'string' ? value : (JSON.stringify(value ?? null) ?? '').replace(/^null$/, '');
};
