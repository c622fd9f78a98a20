/** A flag of somebody's own service as our record. */
import { digestOf } from '../../../core/digest.js';
import type { FlagRecord } from '../../../core/flag-record.js';
import { pointAt } from '../../json-pointer.js';
import type { Json } from '../../smoke/placeholders.js';
import { readBreakGlass, readSafeState } from '../flag-notes.js';
import type { HttpMapping } from './http-mapping.js';
import { readPercent } from './percent-form.js';

/** `safeValuesHeld` is true: whether other flags hold it, only they can tell. */
export function readFlag(
  { fields, percentAs }: HttpMapping,
  key: string,
  { document, revision }: { readonly document: Json; readonly revision: string | null },
): FlagRecord {
  const at = (pointer: string | null): Json | undefined => (pointer === null ? undefined : pointAt(document, pointer));
  const owner = at(fields.owner);
  const fence = Number(at(fields.fence) ?? 0);
  return {
    key,
    exists: true,
    percent: readPercent(at(fields.percent), percentAs),
    fence: Number.isSafeInteger(fence) && fence > 0 ? fence : 0,
    revision: revision ?? digestOf(document),
    owner: typeof owner === 'string' && owner !== '' ? owner : null,
    safeState: readSafeState(at(fields.safeState)),
    safeValuesHeld: true,
    breakGlass: readBreakGlass(at(fields.breakGlass)),
  };
}
