/** Every checklist item has one who answers, and a due time that can come. */
import { formatDuration } from '../../core/duration.js';
import type { DocumentPath } from '../../documents/read-document.js';
import { writtenGates, type ChecklistFile } from '../merged-gate.js';
import type { PlanDraft } from '../plan-draft.js';
import type { Found, Rule } from './rule.js';

interface WrittenList {
  readonly path: DocumentPath;
  readonly items: ChecklistFile;
}

const writtenLists = (draft: PlanDraft): WrittenList[] => [
  ...writtenGates(draft).map(({ path, gate }) => ({ path: [...path, 'checklist'], items: gate.checklist ?? [] })),
  { path: ['after', 'checklist'], items: draft.after?.checklist ?? [] },
];

export const itemsAreAnswered: Rule = ({ draft }) =>
  writtenLists(draft).flatMap(({ path, items }) =>
    items.flatMap(({ role, probe, due }, index): Found[] => {
      const place = [...path, index];
      const says = (key: string): boolean => draft.says([...place, key]);
      if (!says('role') && !says('probe'))
        return [{ path: place, message: 'nobody answers it; give it a role that attests it, or a probe' }];
      if (probe === undefined) return [];
      if (role !== undefined)
        return [{ path: [...place, 'role'], message: 'a probe answers it, so nobody attests it; leave the role out' }];
      if (due !== undefined)
        return [
          { path: [...place, 'due'], message: 'a probe answers at each look of the gate; leave the due time out' },
        ];
      return path[0] === 'after'
        ? [{ path: [...place, 'probe'], message: 'nothing is looked at after the bake; give it a role' }]
        : [];
    }),
  );

/** After the first flip the holds say when something is asked. */
export const phasesAreBefore: Rule = ({ draft }) =>
  writtenLists(draft).flatMap(({ path, items }) =>
    items.flatMap(({ phase }, index): Found[] =>
      phase === undefined || path[0] === 'preflight'
        ? []
        : [{ path: [...path, index, 'phase'], message: 'only a preflight item has a phase; leave it out here' }],
    ),
  );

export const duesCanCome: Rule = ({ draft }) =>
  writtenLists(draft).flatMap(({ path, items }) =>
    items.flatMap(({ due }, index): Found[] => {
      const message = due === undefined ? null : whyNever(draft, path, due);
      return message === null ? [] : [{ path: [...path, index, 'due'], message }];
    }),
  );

/** Told of it after people had to decide, nobody can do anything about it. */
export const duesComeInTime: Rule = ({ draft }) =>
  writtenGates(draft).flatMap(({ path, gate: { checklist = [], decision } }) => {
    const deadlineMs = (decision ?? (path[0] === 'stages' ? draft.gate?.decision : undefined))?.deadline;
    if (deadlineMs === undefined) return [];
    return checklist.flatMap(({ due }, index): Found[] =>
      due === undefined || due < deadlineMs
        ? []
        : [
            {
              path: [...path, 'checklist', index, 'due'],
              message: `people have decided by then, ${formatDuration(deadlineMs)} after they were asked; write less than that`,
              severity: 'warning',
            },
          ],
    );
  });

function whyNever(draft: PlanDraft, path: DocumentPath, dueMs: number): string | null {
  if (path[0] === 'after') return dueMs > 0 ? null : 'the list begins when the bake is over; write a time above 0';
  if (dueMs >= 0) return null;
  if (path[0] === 'preflight')
    return draft.startAt !== null || draft.says(['startAt'])
      ? null
      : `nobody knows when ${formatDuration(-dueMs)} before the start is; add startAt, or write a time that is not negative`;
  const holds = path[0] === 'stages' ? [draft.stages[Number(path[1])]] : draft.stages;
  const shortest = Math.min(...holds.map((stage) => stage?.hold ?? Number.POSITIVE_INFINITY));
  return -dueMs < shortest
    ? null
    : `a hold of ${formatDuration(shortest)} has no time ${formatDuration(-dueMs)} before its end; write less`;
}
