/** Text → checked value: YAML or JSON, every problem at once, each at its line and column. */
import {
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type YAMLError,
} from 'yaml';
import type { z } from 'zod';
import { explainIssue, knownKeys } from './explain-issue.js';
import { didYouMean } from './nearest-word.js';
import { sortProblems, type Problem } from './problem.js';

export type DocumentPath = readonly (string | number)[];

export interface Place {
  readonly line: number;
  readonly column: number;
}

export type CheckedDocument<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** Where the value at a path stands; the nearest parent's place when it stands nowhere. */
      readonly locate: (path: DocumentPath) => Place;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A document of people's is a few KiB; a megabyte is something else. */
const limitCharacters = 1_048_576;

/** @param file - as messages shall name it. */
export function checkDocument<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
): CheckedDocument<z.output<S>> {
  const refuse = (message: string): CheckedDocument<z.output<S>> => ({
    ok: false,
    problems: [{ file, line: 1, column: 1, message, severity: 'error' }],
  });
  if (text.length > limitCharacters) return refuse(`is larger than a megabyte; that is no file of this kind`);
  if (text.trim() === '') return refuse('is empty');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true });
  if (document.errors.length > 0) {
    const problems = plainErrors(document.errors).map(({ pos, message }) => at(file, placeOf(lines, pos[0]), message));
    return { ok: false, problems: sortProblems(problems) };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    return refuse(`its aliases cannot be resolved: ${(error as Error).message}`);
  }
  const locate = (path: DocumentPath): Place => placeOf(lines, offsetOf(document, path));
  // The finished issue no longer knows its schema, so the known keys are noted while it is being worded.
  const known = new Map<string, readonly string[]>();
  const parsed = schema.safeParse(value, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') known.set(issue.keys.join('\n'), knownKeys(issue.inst));
      return explainIssue(issue);
    },
  });
  if (parsed.success) return { ok: true, value: parsed.data, locate };
  const problems = parsed.error.issues.flatMap((issue) => {
    const path = issue.path as DocumentPath;
    if (issue.code !== 'unrecognized_keys') return [at(file, locate(path), withName(path, issue.message))];
    const words = known.get(issue.keys.join('\n')) ?? [];
    return issue.keys.map((key) =>
      at(
        file,
        placeOf(lines, keyOffset(document, path, key)),
        `unknown key "${key}"${path.length === 0 ? '' : ` in ${pathText(path)}`}; known: ${words.join(', ')}.${didYouMean(key, words)}`,
      ),
    );
  });
  return { ok: false, problems: sortProblems(problems) };
}

const at = (file: string, place: Place, message: string): Problem => ({ file, ...place, message, severity: 'error' });

/** `stages[1].percent: found 5; …` */
const withName = (path: DocumentPath, message: string): string =>
  path.length === 0 ? message : `${pathText(path)}: ${message}`;

export const pathText = (path: DocumentPath): string =>
  path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`)).join('');

/** Repeated keys all at once; of what is no YAML only the first, for the parser stumbles on from there. */
function plainErrors(errors: readonly YAMLError[]): Pick<YAMLError, 'pos' | 'message'>[] {
  const repeated = errors.filter(({ code }) => code === 'DUPLICATE_KEY');
  const first = errors.filter(({ code }) => code !== 'DUPLICATE_KEY').toSorted((a, b) => a.pos[0] - b.pos[0])[0];
  const shown = repeated.map(({ pos }) => ({ pos, message: 'this key stands twice; keep one' }));
  return first === undefined ? shown : [...shown, { pos: first.pos, message: plainYaml(first.message) }];
}

/** The parser's own words, first line only, without what it quotes: that may be a secret. */
function plainYaml(message: string): string {
  const said = (message.split('\n')[0] ?? message).replace(/(?: in YAML stream)?: .*$|[:.]$/, '');
  return `this is no YAML from here on (${said}); check the indentation, and put texts with { } [ ] , # or ": " in them into quotes`;
}

function placeOf(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** Of the value; of the deepest parent that exists, for what is missing. */
function offsetOf(document: Document.Parsed, path: DocumentPath): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (!isNode(node) || node.range == null) continue;
    // What stands in a mapping is found at its key: an editor that jumps there shows the name.
    const last = path[length - 1];
    if (length === path.length && typeof last === 'string' && !isScalar(node))
      return keyOffset(document, path.slice(0, -1), last);
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
