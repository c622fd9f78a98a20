/** SHA-256 over canonical JSON, spelled `sha256:<hex>`. Pure: it also runs inside the workflow sandbox. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson } from './canonical-json.js';

export function digestOf(value: unknown): string {
  return textDigest(canonicalJson(value));
}

/** Over the text's UTF-8 bytes, so that `sha256sum` says the same of the file. */
export const textDigest = (text: string): string => `sha256:${bytesToHex(sha256(utf8ToBytes(text)))}`;

/** Enough of a digest for a person to compare two. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}
