/** Series → SVG: lines over time with their limits and what happened, and histograms as darkness. */
import { escapeText, spell } from './dashboard-text.mjs';

const left = 68;
const bottom = 16;
const top = 14;

const scale = (from, to, width) => (value) => ((value - from) / (to - from || 1)) * width;

/** The round number that makes two to five rows. */
function stepOver(span) {
  const power = 10 ** Math.floor(Math.log10(span / 2));
  return [5, 2.5, 2, 1].map((factor) => factor * power).find((step) => step <= span / 2) ?? power;
}

/** Where an axis begins and ends: at round numbers, and never beyond what there can be. */
export function boundsOf({ values, min, max, unit }) {
  const most = { percentunit: 1, percent: 100 }[unit] ?? Number.POSITIVE_INFINITY;
  const lowest = min ?? Math.min(...values);
  const span = (max ?? Math.max(...values)) - lowest || (unit === 'percentunit' ? 0.1 : 1);
  const step = stepOver(span);
  // Without the last digits, which are no numbers anybody meant.
  const exact = (value) => Number(value.toPrecision(9));
  const upTo = (value) => exact(Math.ceil(exact(value / step)) * step);
  const high = max ?? Math.min(most, upTo(lowest + span));
  const low = min ?? Math.max(0, exact(high - upTo(Math.max(span, high - lowest))));
  const count = Math.floor(exact((high - low) / step)) + 1;
  return { low, high, rows: Array.from({ length: count }, (_, index) => exact(low + index * step)) };
}

function axes({ size, range, low, high, rows, unit }) {
  const width = size.width - left - 6;
  const height = size.height - bottom - top;
  const x = (at) => left + scale(range.from, range.to, width)(at);
  const y = (value) => top + height - scale(low, high, height)(value);
  const times = [0.25, 0.5, 0.75].map((share) => range.from + (range.to - range.from) * share);
  const grid = [
    ...rows.map(
      (value) =>
        `<line x1="${left}" x2="${left + width}" y1="${y(value)}" y2="${y(value)}" stroke="#e4e7eb"/><text x="${left - 4}" y="${y(value) + 3}" text-anchor="end">${escapeText(spell(value, unit))}</text>`,
    ),
    ...times.map(
      (at) =>
        `<text x="${x(at)}" y="${size.height - 3}" text-anchor="middle">${new Date(at * 1_000).toISOString().slice(11, 19)}</text>`,
    ),
  ];
  return { x, y, width, height, grid: grid.join('') };
}

const svg = ({ width, height }, inner) => `<svg width="${width}" height="${height}">${inner}</svg>`;

export function trend(series, { size, range, unit, lines, marks, min, max }) {
  const all = [...series.flatMap(({ points }) => points.map(([, value]) => value)), ...lines.map(({ value }) => value)];
  const { low, high, rows } = boundsOf({ values: all.filter(Number.isFinite), min, max, unit });
  const { x, y, width, grid } = axes({ size, range, low, high, rows, unit });
  const paths = series.map(({ points, colour }) => {
    const d = points
      .map(([at, value], index) => {
        const gap = index === 0 || at - points[index - 1][0] > 2.5 * range.step;
        return `${gap ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
      })
      .join('');
    return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="1.6"/>`;
  });
  const limits = lines.map(
    ({ value, colour }) =>
      `<line x1="${left}" x2="${left + width}" y1="${y(value)}" y2="${y(value)}" stroke="${colour}" stroke-dasharray="6 4"/>`,
  );
  return svg(size, grid + marksDrawn(marks, { x, size, range }) + limits.join('') + paths.join(''));
}

/** Two at one place say it on one line. */
function marksDrawn(marks, { x, size, range }) {
  const shown = marks.filter(({ at }) => at >= range.from).toSorted((a, b) => a.at - b.at);
  const nearPx = 60;
  return shown
    .map(({ at, text, colour }, index) => {
      const near = shown.slice(0, index).filter((other) => x(at) - x(other.at) < nearPx);
      const said =
        near.length > 0
          ? ''
          : [
              text,
              ...shown
                .slice(index + 1)
                .filter((other) => x(other.at) - x(at) < nearPx)
                .map((other) => other.text),
            ]
              .map((one) => escapeText(one.replace(/^[^:]*: /, '')))
              .join(', ');
      return `<line x1="${x(at)}" x2="${x(at)}" y1="${top}" y2="${size.height - bottom}" stroke="${colour}" stroke-dasharray="2 3"/><text x="${x(at) + 2}" y="${top - 3}" style="fill:${colour}">${said}</text>`;
    })
    .join('');
}

/** Buckets are cumulative: what is below each is taken off. */
export function distribution(series, { size, range, unit }) {
  const buckets = series
    .map((one) => ({
      bound: one.metric.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(one.metric.le),
      points: new Map(one.points),
    }))
    .toSorted((a, b) => a.bound - b.bound);
  const { x, height, grid } = axes({ size, range, low: 0, high: 1, rows: [], unit: 'none' });
  const rowHeight = height / buckets.length;
  const step = 3 * range.step;
  const most = Math.max(...buckets.at(-1).points.values()) || 1;
  const cells = buckets.flatMap(({ points }, index) =>
    [...points].flatMap(([at, count]) => {
      if (Math.round(at - range.from) % step !== 0) return [];
      const own = count - (buckets[index - 1]?.points.get(at) ?? 0);
      if (own <= 0) return [];
      const y = top + height - (index + 1) * rowHeight;
      return [
        `<rect x="${x(at)}" y="${y}" width="${x(range.from + step) - x(range.from)}" height="${rowHeight}" fill="#1f5d9c" opacity="${(own / most).toFixed(2)}"/>`,
      ];
    }),
  );
  const labels = buckets.map(({ bound }, index) =>
    index % 2 === 0 && Number.isFinite(bound)
      ? `<text x="${left - 4}" y="${top + height - (index + 0.7) * rowHeight + 3}" text-anchor="end">${escapeText(spell(bound, unit))}</text>`
      : '',
  );
  return svg(size, grid + cells.join('') + labels.join(''));
}
