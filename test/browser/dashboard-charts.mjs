/** Series → SVG: lines over time with their limits and what happened, and histograms as darkness. */
import { escapeText, spell } from './dashboard-text.mjs';

const left = 68;
const bottom = 16;
const top = 14;

const scale = (from, to, width) => (value) => ((value - from) / (to - from || 1)) * width;

function axes({ size, range, low, high, unit }) {
  const width = size.width - left - 6;
  const height = size.height - bottom - top;
  const x = (at) => left + scale(range.from, range.to, width)(at);
  const y = (value) => top + height - scale(low, high, height)(value);
  const rows = [0, 0.5, 1].map((share) => low + (high - low) * share);
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
  const bounds = all.filter(Number.isFinite);
  const low = min ?? Math.min(...bounds);
  const high = max ?? (Math.max(...bounds) * (min === 0 ? 1.05 : 1) || 1);
  const { x, y, width, grid } = axes({ size, range, low, high: high === low ? low + 1 : high, unit });
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
  const { x, height, grid } = axes({ size, range, low: 0, high: 1, unit: 'none' });
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
  const times = grid.replaceAll(/<line[^>]*>(<\/line>)?<text[^>]*text-anchor="end">[^<]*<\/text>/g, '');
  return svg(size, times + cells.join('') + labels.join(''));
}
