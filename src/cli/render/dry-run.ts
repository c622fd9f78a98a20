/** What a break-glass would write, beside what is there now. */
import type { FlagRecord } from '../../core/flag-record.js';
import { formatPercent } from '../../core/number-text.js';
import type { FlagValues } from '../../core/plan.js';
import { renderColumns } from './columns.js';
import type { Paint } from '../terminal.js';

export interface DryRun {
  readonly store: string;
  readonly environment: string;
  readonly key: string;
  readonly before: { readonly percent: number | null; readonly fence: number; readonly owner: string | null };
  readonly after: { readonly percent: 0; readonly fence: number; readonly owner: string };
  /** Other flags that the safe state pins. */
  readonly set: FlagValues;
  /** Whether they have these values now. */
  readonly setHeldNow: boolean;
  readonly by: string;
  readonly reason: string;
}

export function dryRunOf(
  {
    record,
    storeId,
    environment,
  }: { readonly record: FlagRecord; readonly storeId: string; readonly environment: string },
  { by, reason }: { readonly by: string; readonly reason: string },
): DryRun {
  const { key, percent, fence, owner, safeState, safeValuesHeld } = record;
  return {
    store: storeId,
    environment,
    key,
    before: { percent, fence, owner },
    after: { percent: 0, fence: fence + 1, owner: 'break-glass:<a new id>' },
    set: safeState?.set ?? {},
    setHeldNow: safeValuesHeld,
    by,
    reason,
  };
}

export function renderDryRun(run: DryRun, paint: Paint): string {
  const { before, after, set, setHeldNow } = run;
  const values = Object.entries(set).map(([flag, value]) => `${flag} = ${value}`);
  const rows = [
    ['Percent', `${formatPercent(before.percent)} → ${formatPercent(after.percent)}`],
    [
      'Also set',
      values.length === 0 ? 'nothing' : `${values.join(', ')} (${setHeldNow ? 'so already' : 'not so now'})`,
    ],
    ['Fence', `${before.fence} → ${after.fence}`],
    ['Owner', `${before.owner ?? 'nobody'} → ${after.owner}`],
    ['Noted', `${run.by}: ${run.reason}`],
  ];
  return [
    `${paint.bold(run.key)} in store ${run.store}, environment ${run.environment}: this would be written. Nothing was.`,
    ...renderColumns(rows.map(([label = '', text = '']) => [paint.dim(label), text])),
  ].join('\n');
}
