/** Text → plain value: YAML or JSON, with the place of everything in it. */
import {
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type YAMLError,
} from 'yaml';
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

/** A document of people's is a few KiB; a megabyte is something else. */
const limitCharacters = 1_048_576;
const limitAliases = 50;

export function readDocument(text: string, file: string): ReadResult {
  const refuse = (problems: readonly Problem[]): ReadResult => ({ ok: false, problems: sortProblems(problems) });
  const start = { line: 1, column: 1 };
  if (text.length > limitCharacters)
    return refuse([problemAt(file, start, 'is larger than a megabyte; that is no file of this kind')]);
  if (text.trim() === '') return refuse([problemAt(file, start, 'is empty')]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true });
  const errors = [...plainErrors(document.errors), ...(document.errors.length > 0 ? [] : strangeParts(document))];
  if (errors.length > 0)
    return refuse(errors.map(({ offset, message }) => problemAt(file, placeOf(lines, offset), message)));
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: limitAliases });
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

interface Stumble {
  readonly offset: number;
  readonly message: string;
}

/** Repeated keys all at once; of what is no YAML only the first, for the parser stumbles on from there. */
function plainErrors(errors: readonly YAMLError[]): Stumble[] {
  const repeated = errors.filter(({ code }) => code === 'DUPLICATE_KEY');
  const first = errors.filter(({ code }) => code !== 'DUPLICATE_KEY').toSorted((a, b) => a.pos[0] - b.pos[0])[0];
  const shown = repeated.map(({ pos }) => ({ offset: pos[0], message: 'this key stands twice; keep one' }));
  return first === undefined ? shown : [...shown, { offset: first.pos[0], message: plainYaml(first) }];
}

/** The parser's own words, first line only, without what it quotes: that may be a secret. */
function plainYaml({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here; keep one document a file';
  const said = (message.split('\n')[0] ?? message).replace(/(?: in YAML stream)?: .*$|[:.]$/, '');
  return `this is no YAML from here on (${said}); check the indentation, and put texts with { } [ ] , # or ": " in them into quotes`;
}

/** An alias to nothing; and keys no file of ours has: JavaScript gives `__proto__` a meaning that hides it from every check. */
function strangeParts(document: Document.Parsed): Stumble[] {
  const found: Stumble[] = [];
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) === undefined)
        found.push({
          offset: alias.range?.[0] ?? 0,
          message: `no anchor &${alias.source} stands before this alias; write the value out`,
        });
    },
    Pair: (_, { key }) => {
      const offset = isNode(key) ? (key.range?.[0] ?? 0) : 0;
      if (!isScalar(key)) found.push({ offset, message: 'a key must be a plain text' });
      else if (key.value === '__proto__') found.push({ offset, message: 'unknown key "__proto__"; leave it out' });
    },
  });
  return found;
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
