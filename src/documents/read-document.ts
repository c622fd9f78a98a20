/** Text → plain value: YAML or JSON, with the place of everything in it. */
import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Document } from 'yaml';
import { lexWithinLimits } from './document-limits.js';
import { parseLexemes } from './parse-lexemes.js';
import { sortProblems, type Problem } from './problem.js';

export type DocumentPath = readonly (string | number)[];

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface ReadDocument {
  /** As messages shall name it. */
  readonly file: string;
  readonly value: unknown;
  /** Where the value at a path stands; its parent's key when it stands nowhere. */
  readonly locate: (path: DocumentPath) => Place;
  /** Where a key of a mapping stands. */
  readonly locateKey: (parent: DocumentPath, key: string) => Place;
}

export type ReadResult =
  | { readonly ok: true; readonly document: ReadDocument }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** One alias may stand for a value full of others. */
const mostResolved = 50;

export function readDocument(text: string, file: string): ReadResult {
  const refuse = (problems: readonly Problem[]): ReadResult => ({ ok: false, problems: sortProblems(problems) });
  const start = { line: 1, column: 1 };
  if (text.trim() === '') return refuse([problemAt(file, start, 'is empty')]);
  const lexed = lexWithinLimits(text);
  if (!lexed.ok) return refuse([problemAt(file, placeIn(text, lexed.offset), lexed.message)]);
  const lines = new LineCounter();
  const { document, errors } = parseLexemes(lexed.lexemes, lines, text.length);
  if (errors.length > 0)
    return refuse(errors.map(({ offset, message }) => problemAt(file, placeOf(lines, offset), message)));
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: mostResolved });
  } catch (error) {
    const why = (error as Error).message.toLowerCase();
    return refuse([problemAt(file, start, `its aliases cannot be resolved (${why}); write the values out`)]);
  }
  return {
    ok: true,
    document: {
      file,
      value,
      locate: (path) => placeOf(lines, offsetOf(document, path)),
      locateKey: (parent, key) => placeOf(lines, keyOffset(document, parent, key)),
    },
  };
}

export const problemAt = (file: string, place: Place, message: string): Problem => ({
  file,
  ...place,
  message,
  severity: 'error',
});

/** Of a text that is not parsed. */
function placeIn(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

function placeOf(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Of the value; for what is missing, of the deepest parent that exists. */
function offsetOf(document: Document.Parsed, path: DocumentPath): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (!isNode(node) || node.range == null) continue;
    // What stands in a mapping is found at its key: an editor that jumps there shows the name.
    const last = path[length - 1];
    if (typeof last === 'string' && !isScalar(node)) return keyOffset(document, path.slice(0, length - 1), last);
    return node.range[0];
  }
  return 0;
}

function keyOffset(document: Document.Parsed, parent: DocumentPath, key: string): number {
  const node: unknown = parent.length === 0 ? document.contents : document.getIn(parent, true);
  if (isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key);
    if (pair !== undefined && isScalar(pair.key) && pair.key.range != null) return pair.key.range[0];
  }
  return isNode(node) && (isMap(node) || isSeq(node)) && node.range != null ? node.range[0] : 0;
}
