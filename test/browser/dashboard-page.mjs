/** A dashboard's JSON and what its queries said → a page. It shows the queries, not how Grafana would paint them. */
import { distribution, trend } from './dashboard-charts.mjs';
import { escapeText, legendText, spell } from './dashboard-text.mjs';

const columnPx = 48;
const rowPx = 26;
const colours = ['#2f6fb0', '#c4572b', '#3d8a4d', '#8a5fb0', '#b08a1f', '#3a8f96', '#b0486e', '#6b7280'];
const stepColours = { green: '#2e7d4f', orange: '#c77700', red: '#c62828' };

/** @param {object} dashboard @param {Map<string, object[]>} answers by query @param {{from: number, to: number, step: number}} range */
export function renderPage(dashboard, answers, range) {
  const marks = dashboard.annotations.list.flatMap((annotation) => marksOf(annotation, answers));
  const height = Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.y + gridPos.h)) * rowPx;
  const panels = dashboard.panels.map((panel) => drawPanel(panel, { answers, range, marks })).join('');
  return `<!doctype html><meta charset="utf-8"><style>${style}</style>
<header><h1>${escapeText(dashboard.title)}</h1><p>${escapeText(new Date(range.from * 1_000).toISOString().slice(11, 16))} to ${escapeText(new Date(range.to * 1_000).toISOString().slice(11, 16))} UTC</p></header>
<main style="height:${height}px">${panels}</main>`;
}

const style = `
body { margin: 0; padding: 16px 24px; width: 1152px; font: 12px/1.3 "DejaVu Sans", sans-serif; color: #1f2933; background: #f3f4f6; }
header { display: flex; justify-content: space-between; align-items: baseline; }
h1 { font-size: 18px; margin: 0 0 8px; } h2 { font-size: 12px; margin: 0; font-weight: 600; } p { margin: 0; color: #52606d; }
main { position: relative; } section { position: absolute; box-sizing: border-box; padding: 4px; }
.panel { background: #fff; border: 1px solid #d9dee3; height: 100%; box-sizing: border-box; padding: 6px 8px; overflow: hidden; }
.number { font-size: 34px; font-weight: 600; text-align: center; padding-top: 40px; } .number small { display: block; font-size: 12px; font-weight: 400; color: #52606d; }
.several { font-size: 18px; padding-top: 24px; } .name { font-size: 16px; }
.legend { color: #52606d; } .legend i { display: inline-block; width: 10px; height: 3px; margin: 0 4px 3px 0; } .legend span { margin-right: 10px; white-space: nowrap; display: inline-block; }
svg { display: block; } svg text { font-size: 10px; fill: #52606d; }`;

function drawPanel(panel, { answers, range, marks }) {
  const { x, y, w, h } = panel.gridPos;
  const place = `left:${x * columnPx}px;top:${y * rowPx}px;width:${w * columnPx}px;height:${h * rowPx}px`;
  const size = { width: w * columnPx - 26, height: h * rowPx - 58 };
  const series = panel.targets.flatMap(({ expr, legendFormat }) =>
    (answers.get(expr) ?? []).map(({ metric, values }) => ({
      name: legendText(legendFormat, metric),
      metric,
      points: values.map(([at, value]) => [at, Number(value)]).filter(([, value]) => Number.isFinite(value)),
    })),
  );
  return `<section style="${place}"><div class="panel"><h2>${escapeText(panel.title)}</h2>${drawn(panel, { series, size, range, marks })}</div></section>`;
}

function drawn(panel, { series, size, range, marks }) {
  if (series.every(({ points }) => points.length === 0)) return '<div class="number"><small>no data</small></div>';
  const { unit, thresholds, min, max } = panel.fieldConfig.defaults;
  const steps = thresholds?.steps ?? [];
  if (panel.type === 'stat' || panel.type === 'gauge')
    return drawNumbers(series, { unit, steps, range, names: panel.options.textMode === 'name' });
  if (panel.type === 'heatmap') return distribution(series, { size, range, unit });
  const coloured = series.map((one, index) => ({ ...one, colour: colours[index % colours.length] }));
  const lines = steps
    .filter(({ value }) => value !== null)
    .map(({ value, color }) => ({ value, colour: stepColours[color] }));
  const legend = coloured
    .map(({ name, colour }) => `<span><i style="background:${colour}"></i>${escapeText(name)}</span>`)
    .join('');
  const room = { ...size, height: size.height - (legendRows(coloured, size.width) - 1) * legendRowPx };
  return `${trend(coloured, { size: room, range, unit, lines, marks, min, max })}<div class="legend">${legend}</div>`;
}

const legendRowPx = 16;

/** As many as its names need, about as wide as they are printed. */
function legendRows(series, width) {
  let [rows, used] = [1, 0];
  for (const { name } of series) {
    const wide = name.length * 7.4 + 26;
    if (used > 0 && used + wide > width) [rows, used] = [rows + 1, 0];
    used += wide;
  }
  return rows;
}

/** The value now, of what is there now. */
function drawNumbers(series, { unit, steps, range, names }) {
  const present = series.filter(({ points }) => points.length > 0 && points.at(-1)[0] > range.to - 10);
  if (present.length === 0) return '<div class="number"><small>no data</small></div>';
  const numbers = present.map(({ name, points }) => {
    const value = points.at(-1)[1];
    const step = steps.findLast((one) => one.value === null || value >= one.value);
    const colour = steps.length > 1 ? stepColours[step?.color] : '#1f2933';
    const said = names
      ? `<span class="name">${escapeText(name)}</span>`
      : `${escapeText(spell(value, unit))}<small>${escapeText(name)}</small>`;
    return `<div style="color:${colour}">${said}</div>`;
  });
  return `<div class="number${present.length > 1 ? ' several' : ''}">${numbers.join('')}</div>`;
}

/** Where an annotation begins: a region is marked once. */
function marksOf({ expr, titleFormat, iconColor }, answers) {
  return (answers.get(expr) ?? []).map(({ metric, values }) => ({
    at: values[0][0],
    text: legendText(titleFormat, metric),
    colour: iconColor === 'red' ? '#c62828' : '#2f6fb0',
  }));
}
