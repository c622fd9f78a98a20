/** How flags lie in somebody's own service: where to ask, where in the answer each thing is, how to write it back. */
import type { HttpMethod } from '../../ask-http.js';
import type { Json } from '../../smoke/placeholders.js';

export interface HttpMapping {
  /** Of the service; paths are joined to it. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Path of one flag, with `{key}`. */
  readonly flag: string;
  readonly fields: HttpFields;
  readonly percentAs: PercentForm;
  readonly percentStep: number;
  /** Null: a digest of the answer. */
  readonly revision: { readonly header: string } | { readonly field: string } | null;
  readonly write: HttpWrite;
  /** Null: as `write`. */
  readonly create: HttpRequestForm | null;
  /** Which flags there are. */
  readonly list: HttpList | { readonly keys: readonly string[] };
}

/** JSON pointers. What has none is not kept. */
export interface HttpFields {
  readonly percent: string;
  readonly fence: string | null;
  readonly owner: string | null;
  readonly safeState: string | null;
  readonly breakGlass: string | null;
  readonly by: string | null;
  readonly reason: string | null;
}

export const percentForms = ['percent', 'percent-text', 'ratio', 'ratio-text'] as const;
export type PercentForm = (typeof percentForms)[number];

export interface HttpRequestForm {
  readonly method: HttpMethod;
  readonly path: string;
  readonly body: HttpBody;
}

/** `whole`: the answer with our fields changed. `patch`: a JSON Patch of our fields. */
export type HttpBody = 'whole' | 'patch' | { readonly template: Json };

export interface HttpWrite extends HttpRequestForm {
  /** `{header}` carries the revision that was read; `body`: the body does, as it was read. Null: nothing compares. */
  readonly compare: { readonly header: string } | 'body' | null;
  /** Statuses that mean: somebody else wrote since. */
  readonly conflict: readonly number[];
}

export interface HttpList {
  readonly path: string;
  /** Pointer to the list in the answer; empty: the answer is the list. */
  readonly items: string;
  /** Pointer to the key in an item; empty: the item is the key. */
  readonly key: string;
}
