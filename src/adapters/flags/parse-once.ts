/** The document as last read, parsed once: a thousand guards read the same file every few seconds. */
import { parseFlagDocument, type FlagDocument } from './flag-document.js';

/** Compares bytes, not times: an edit within one tick of the file system's clock is seen, too. Answers are shared: never change one. */
export function parseOnce(): (bytes: Buffer) => FlagDocument | null {
  let last: { readonly bytes: Buffer; readonly document: FlagDocument | null } | null = null;
  return (bytes) => {
    if (last === null || (last.bytes !== bytes && !last.bytes.equals(bytes)))
      last = { bytes, document: parseFlagDocument(bytes.toString('utf8')) };
    return last.document;
  };
}
