/** A flag set by hand: what was there, what is there now, or what would be. */
import { formatInstant } from '../../core/instant.js';
import type { Receipt } from '../../core/flag-record.js';
import { formatPercent } from '../../core/number-text.js';
import type { Paint } from '../terminal.js';
import { renderColumns } from './columns.js';
import { shortRevision } from './flags.js';

interface SideOfSet {
  readonly percent: number | null;
  readonly fence: number;
  readonly owner: string | null;
  /** Null: only the write will tell. */
  readonly revision: string | null;
}

export interface ShownSet {
  readonly kind: 'written' | 'dry-run' | 'already';
  readonly store: string;
  readonly key: string;
  readonly isNew: boolean;
  readonly before: SideOfSet;
  readonly after: SideOfSet;
  readonly by: string;
  readonly reason: string;
  /** Null when nothing was written. */
  readonly receipt: Receipt | null;
}

export function renderSet(set: ShownSet, paint: Paint): string {
  const { kind, key, store, isNew, before, after, by, reason, receipt } = set;
  const name = `${paint.bold(key)}${isNew ? ', a new flag,' : ''} in store ${store}`;
  const from = formatPercent(before.percent);
  if (kind === 'already') return `${name} is at ${from} already. Nothing was written.`;
  const [old = '', now] = [before.revision, after.revision].flatMap((one) => (one === null ? [] : shortRevision(one)));
  const rows = [
    ['Percent', `${from} → ${formatPercent(after.percent)}`],
    ['Fence', `${before.fence} → ${after.fence}`],
    ['Owner', `${before.owner ?? 'nobody'} → ${after.owner ?? 'nobody'}`],
    ['Revision', now === undefined ? old : `${old} → ${now}`],
    ['Noted', `${by}: ${reason}`],
    ...(receipt === null ? [] : [['Read back', readBack(receipt)]]),
  ];
  const what =
    receipt === null
      ? 'this would be written. Nothing was.'
      : paint.green(`at ${formatPercent(after.percent)}, ${receipt.state}`);
  return [`${name}: ${what}`, ...renderColumns(rows.map(([label = '', text = '']) => [paint.dim(label), text]))].join(
    '\n',
  );
}

const readBack = ({ percent, provenAt }: Receipt): string =>
  provenAt === undefined
    ? 'not yet: somebody may have written over it; look at flag status'
    : `${formatPercent(percent)}, ${formatInstant(provenAt)}`;
