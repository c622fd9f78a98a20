/** What is sent to write a flag: its whole document with our fields changed, a JSON Patch, or a filled-in template. */
import type { FlagRecord } from '../../../core/flag-record.js';
import { putAt } from '../../json-pointer.js';
import type { Json } from '../../smoke/placeholders.js';
import { renderExactly } from '../exact-json.js';
import type { FlagWrite } from '../flag-document.js';
import { fillTemplate, type TemplateValues } from './fill-template.js';
import type { HttpBody, HttpFields, HttpMapping } from './http-mapping.js';
import { writePercent } from './percent-form.js';

export interface WriteContent {
  readonly record: FlagRecord;
  /** As it was read; null: there is none. */
  readonly document: Json | null;
  readonly version: string | null;
  readonly write: ContentWrite;
  readonly by: string;
  readonly reason: string;
}

/** Null: nothing is said of it, so that another flag that the safe state names keeps what it has. */
export interface ContentWrite extends Pick<FlagWrite, 'percent' | 'safeState' | 'breakGlass'> {
  readonly fence: number | null;
  readonly owner: string | null;
}

export interface BodyText {
  readonly type: string;
  readonly text: string;
}

export function writeBody(body: HttpBody, mapping: HttpMapping, content: WriteContent): BodyText {
  const values = valuesOf(mapping, content);
  if (typeof body === 'object') return json(fillTemplate(body.template, values));
  const changes = changesOf(mapping.fields, values);
  if (body === 'patch') {
    const operations = changes.map(({ path, value }) => ({ op: 'add', path, value }));
    return { ...json(operations), type: 'application/json-patch+json' };
  }
  return json(changes.reduce<Json>((whole, { path, value }) => putAt(whole, path, value), content.document ?? {}));
}

const json = (value: Json): BodyText => ({ type: 'application/json', text: renderExactly(value) });

function valuesOf({ percentAs }: HttpMapping, { record, version, write, by, reason }: WriteContent): TemplateValues {
  const breakGlass = write.breakGlass ?? record.breakGlass;
  return {
    key: record.key,
    percent: writePercent(write.percent, percentAs),
    fence: write.fence,
    owner: write.owner,
    safeState: write.safeState === null ? null : JSON.stringify(write.safeState),
    breakGlass: breakGlass === null ? null : JSON.stringify(breakGlass),
    by,
    reason,
    revision: version,
  };
}

/** What there is nothing to say of stays as it is. */
const changesOf = (fields: HttpFields, values: TemplateValues): { readonly path: string; readonly value: Json }[] =>
  (['percent', 'fence', 'owner', 'safeState', 'breakGlass', 'by', 'reason'] as const).flatMap((name) => {
    const [path, value] = [fields[name], values[name]];
    return path === null || value === null ? [] : [{ path, value }];
  });
