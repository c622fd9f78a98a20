/** The go/no-go checklist for a terminal, and as Markdown for those who print it. */
import type { Answered, ChecklistPhase, LineState } from '../../core/checklist.js';
import type { TrackedLine } from '../../core/checklist-progress.js';
import { formatClock, formatInstant } from '../../core/instant.js';
import { markdownText } from '../../core/markdown-text.js';
import type { Paint } from '../terminal.js';
import { renderColumns } from './columns.js';

/** Lines of a plan alone have no state. */
export type ShownLine = ChecklistPhase['lines'][number] & Partial<Pick<TrackedLine, 'state' | 'note' | 'at'>>;

export interface ShownChecklist {
  readonly title: string;
  readonly phases: readonly (Omit<ChecklistPhase, 'lines'> & { readonly lines: readonly ShownLine[] })[];
  /** Lines have a state. */
  readonly tracked: boolean;
  readonly nowMs: number;
}

export function renderChecklist({ title, phases, tracked, nowMs }: ShownChecklist, paint: Paint): string {
  const colours: Readonly<Record<LineState, (text: string) => string>> = {
    done: paint.green,
    open: paint.yellow,
    late: paint.red,
    failed: paint.red,
    missed: paint.red,
    later: paint.dim,
  };
  const sections = phases.map(({ name, what, lines }) => {
    const rows = lines.map((line) => [
      `  ${line.state === undefined ? '[ ]' : colours[line.state](line.state)}`,
      line.title,
      who(line.answered),
      rest(line, nowMs),
    ]);
    return [`${paint.bold(name)}  ${what}`, ...renderColumns(rows)].join('\n');
  });
  return [title, ...sections, ...(tracked ? [summary(phases)] : [])].join('\n\n');
}

export function renderChecklistMarkdown({ title, phases, tracked, nowMs }: ShownChecklist): string {
  const sections = phases.map(({ name, what, lines }) => {
    const items = lines.map((line) => {
      const state = line.state === undefined || line.state === 'done' ? '' : `**${line.state}**: `;
      const more = rest(line, nowMs);
      const answer = [who(line.answered), ...(more === '' ? [] : [more])].join('; ');
      return `- [${line.state === 'done' ? 'x' : ' '}] ${state}${markdownText(line.title)} (${markdownText(answer)})`;
    });
    return `## ${markdownText(name)}: ${markdownText(what)}\n\n${items.join('\n')}`;
  });
  const asOf = tracked ? [`As of ${formatInstant(nowMs)}. ${summary(phases)}`] : [];
  return [`# ${markdownText(title)}`, ...asOf, ...sections].join('\n\n');
}

function rest({ due, state, note = null, at = null }: ShownLine, nowMs: number): string {
  const when = at === null ? '' : `, ${formatClock(at, nowMs)}`;
  if (note !== null) return `${note}${when}`;
  return due === null || state === 'missed' ? '' : `due ${formatClock(due, nowMs)}`;
}

function who(answered: Answered): string {
  switch (answered.kind) {
    case 'person':
      return `${answered.role} attests ${answered.item}`;
    case 'probe':
      return `probe ${answered.probe}`;
    case 'decision':
      return answered.roles.join(', ');
    case 'flip':
    case 'smoke':
    case 'checks':
      return 'Holdpoint';
  }
}

function summary(phases: ShownChecklist['phases']): string {
  const lines = phases.flatMap((phase) => phase.lines);
  const count = (state: LineState): number => lines.filter((line) => line.state === state).length;
  const parts = (['late', 'failed', 'missed', 'open', 'later'] as const).flatMap((state) =>
    count(state) === 0 ? [] : [`${count(state)} ${state}`],
  );
  return [`${count('done')} of ${lines.length} done`, ...parts].join(', ') + '.';
}
