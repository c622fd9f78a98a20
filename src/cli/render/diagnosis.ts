/** The doctor's lines as text: what is wrong can be read from the first column. */
import type { DoctorLine } from '../../doctor/line.js';
import type { Paint } from '../terminal.js';
import { renderColumns } from './columns.js';

export function renderDiagnosis(lines: readonly DoctorLine[], paint: Paint): string {
  const colours = { ok: paint.green, warn: paint.yellow, fail: paint.red } as const;
  const rows = renderColumns(lines.map(({ level, about, saw }) => [colours[level](level), about, saw]));
  const shown = lines.flatMap(({ todo }, index) => [rows[index] ?? '', ...(todo === null ? [] : [`      → ${todo}`])]);
  return [...shown, '', summary(lines)].join('\n');
}

function summary(lines: readonly DoctorLine[]): string {
  const count = (level: DoctorLine['level']): number => lines.filter((line) => line.level === level).length;
  const [fails, warns] = [count('fail'), count('warn')];
  if (fails + warns === 0) return `Everything is ready: ${lines.length} lines ok.`;
  return `${fails === 0 ? 'Ready, with' : 'Not ready:'} ${fails} fail, ${warns} warn, ${count('ok')} ok.`;
}
