/** The figures as text, each with its goal and whether it was reached. */

/** @param {{node: string, cpus: number, model: string, load: number[]}} machine */
export function renderBench({ node, cpus, model, load }, results) {
  const lines = [`Node ${node}, ${cpus} × ${model}, load ${load[0].toFixed(1)} before the first`];
  for (const [name, rows] of Object.entries(results)) {
    lines.push('', name, ...rows.map(renderRow));
  }
  return lines.join('\n');
}

function renderRow({ what, value, unit, atMost }) {
  const shown = `${shorten(value)} ${unit}`.padStart(14);
  const goal = atMost === null ? '' : `  (goal: at most ${atMost} ${unit}`.trimEnd();
  return `  ${shown}  ${what}${goal}${atMost === null ? '' : `: ${value <= atMost ? 'met' : 'missed'})`}`;
}

/** Four digits say enough, and a count is never shortened. */
const shorten = (value) => (Number.isInteger(value) ? value : Number(value.toPrecision(4)));
