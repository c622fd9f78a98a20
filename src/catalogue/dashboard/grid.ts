/** Where panels stand: in rows of 24 columns, the last of each row as wide as what is left. */
import type { PanelFile } from '../catalogue.js';

interface Place {
  x: number;
  readonly y: number;
  w: number;
  readonly h: number;
}

const columns = 24;
const height = 8;
const widths: Readonly<Record<PanelFile['show'], number>> = { gauge: 8, stat: 8, trend: 12, distribution: 12 };

export function gridOf(shows: readonly PanelFile['show'][]): readonly Place[] {
  const places: Place[] = [];
  for (const show of shows) {
    const last = places.at(-1);
    const x = last === undefined ? 0 : last.x + last.w;
    const w = widths[show];
    if (last !== undefined && x + w > columns) {
      last.w = columns - last.x;
      places.push({ x: 0, y: last.y + height, w, h: height });
    } else places.push({ x, y: last?.y ?? 0, w, h: height });
  }
  const last = places.at(-1);
  if (last !== undefined) last.w = columns - last.x;
  return places;
}
