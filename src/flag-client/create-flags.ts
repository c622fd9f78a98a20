/** Flags of a document that is given, inlined in the page, or behind a URL. */
import { followUrl, type UrlOptions } from './follow-url.js';
import { openFlags, type Flags, type FlagsOptions, type Follow } from './open-flags.js';
import { page } from './page.js';

/** At least one of inline, document and url; what is there already answers until the URL does. */
export interface CreateFlags extends FlagsOptions, Partial<Omit<UrlOptions, 'url'>> {
  /** Id of the element with the document's JSON, a `<script type="application/json">`. */
  readonly inline?: string | undefined;
  /** A flagd document that is parsed already; taken where nothing is inlined. */
  readonly document?: object | undefined;
  readonly url?: string | undefined;
}

/** @param more - what else is followed */
export function createFlags(options: CreateFlags, more: readonly Follow[] = []): Flags {
  const { inline, document, url } = options;
  const first = (inline && page.document?.getElementById(inline)?.textContent) || document;
  return openFlags(first, url ? [...more, followUrl(options as UrlOptions)] : more, options);
}
