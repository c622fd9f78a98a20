/** Flags as a table, and one in full. */
import { shortDigest } from '../../core/digest.js';
import type { FlagRecord } from '../../core/flag-record.js';
import { formatPercent } from '../../core/number-text.js';
import type { Paint } from '../terminal.js';
import { renderColumns } from './columns.js';

export interface ShownFlag extends FlagRecord {
  /** Its store's id. */
  readonly store: string;
}

/**
 * As much of a revision as tells two apart; `--expect-revision` takes it. Of a digest that is its beginning. What a
 * server made up stays whole, for its revisions may begin alike, without the quotes of an ETag: a shell would take them.
 */
export const shortRevision = (revision: string): string =>
  revision.startsWith('sha256:') ? shortDigest(revision) : revision.replace(/^(?:W\/)?"(.*)"$/, '$1');

export function renderFlags(flags: readonly ShownFlag[], paint: Paint): string {
  if (flags.length === 0) return 'There is no flag yet. A rollout makes its own when it begins.';
  const head = ['FLAG', 'PERCENT', 'OWNER', 'FENCE', 'REVISION', 'STORE'].map((title) => paint.dim(title));
  const rows = flags.map(({ key, percent, owner, fence, revision, store }) => [
    key,
    formatPercent(percent),
    owner ?? 'nobody',
    String(fence),
    shortRevision(revision),
    store,
  ]);
  return renderColumns([head, ...rows]).join('\n');
}

export function renderFlag(flag: ShownFlag, paint: Paint): string {
  const { key, store, percent, owner, fence, revision, safeState, safeValuesHeld, breakGlass } = flag;
  const values = Object.entries(safeState?.set ?? {}).map(([other, value]) => `${other} = ${value}`);
  const rows = [
    ['Percent', percent === null ? 'unknown: it has a rule that Holdpoint did not write' : formatPercent(percent)],
    ['Owner', owner ?? 'nobody'],
    ['Fence', String(fence)],
    ['Revision', shortRevision(revision)],
    ['Safe state', ['0 %', ...values].join(', ') + (safeValuesHeld ? '' : ' (the other flags are not so now)')],
    ...(breakGlass === null ? [] : [['Break-glass', `${breakGlass.by}, ${breakGlass.at}: ${breakGlass.reason}`]]),
  ];
  return [
    `${paint.bold(key)} in store ${store}`,
    ...renderColumns(rows.map(([label = '', text = '']) => [paint.dim(label), text])),
  ].join('\n');
}
