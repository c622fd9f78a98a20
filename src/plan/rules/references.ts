/** What one place names, another place has; and names it once. */
import { didYouMean } from '../../documents/nearest-word.js';
import type { DocumentPath } from '../../documents/read-document.js';
import { writtenGates } from '../merged-gate.js';
import type { Found, Rule } from './rule.js';

export const checksExist: Rule = ({ draft }) => {
  const known = Object.keys(draft.checks);
  const unknown = (name: string, path: DocumentPath): Found[] =>
    known.includes(name)
      ? []
      : [
          {
            path,
            message: `there is no check "${name}" under checks; there are ${known.join(', ') || 'none'}.${didYouMean(name, known)}`,
          },
        ];
  const watched = (draft.watch?.checks ?? []).flatMap((entry, index) => {
    const path = ['watch', 'checks', index];
    return typeof entry === 'string' ? unknown(entry, path) : unknown(entry.id, [...path, 'id']);
  });
  const gated = writtenGates(draft).flatMap(({ path, gate }) =>
    (gate.checks ?? []).flatMap((name, index) => unknown(name, [...path, 'checks', index])),
  );
  return [...watched, ...gated];
};

export const slisExist: Rule = ({ draft, catalogue }) =>
  Object.entries(draft.checks).flatMap(([name, check]): Found[] => {
    if (check?.sli === undefined) return [];
    const path = ['checks', name, 'sli'];
    if (draft.slis === null)
      return draft.says(['slis'])
        ? []
        : [
            {
              path,
              message: `"${check.sli}" needs a catalogue; say where it is, such as slis: ../slis/reporting.yaml, or use promql`,
            },
          ];
    if (catalogue === null || Object.hasOwn(catalogue.slis, check.sli)) return [];
    const known = Object.keys(catalogue.slis);
    return [
      {
        path,
        message: `there is no SLI "${check.sli}" in ${draft.slis}; there are ${known.join(', ') || 'none'}.${didYouMean(check.sli, known)}`,
      },
    ];
  });

export const namedOnce: Rule = ({ draft }) => {
  const watched = (draft.watch?.checks ?? []).map((entry) => (typeof entry === 'string' ? entry : entry.id));
  return [
    ...repeated(watched, ['watch', 'checks']),
    ...repeated(draft.channels, ['announce', 'channels']),
    ...repeated(
      (draft.after?.checklist ?? []).map(({ id }) => id),
      ['after', 'checklist'],
    ),
    ...writtenGates(draft).flatMap(({ path, gate }) => [
      ...repeated(gate.checks ?? [], [...path, 'checks']),
      ...repeated(gate.smoke ?? [], [...path, 'smoke']),
      ...repeated(
        (gate.checklist ?? []).map(({ id }) => id),
        [...path, 'checklist'],
      ),
      ...repeated(
        (gate.decision?.approvers ?? []).map(({ role }) => role),
        [...path, 'decision', 'approvers'],
      ),
    ]),
  ];
};

const repeated = (names: readonly string[], path: DocumentPath): Found[] =>
  names.flatMap((name, index) =>
    names.indexOf(name) === index ? [] : [{ path: [...path, index], message: `"${name}" stands twice; keep one` }],
  );
