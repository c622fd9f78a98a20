/** Value → checked value: every problem at once, each at its line and column. */
import type { z } from 'zod';
import { explainIssue, knownKeys } from './explain-issue.js';
import { didYouMean } from './nearest-word.js';
import { sortProblems, type Problem } from './problem.js';
import { problemAt, readDocument, type DocumentPath, type Place, type ReadDocument } from './read-document.js';

export type CheckedDocument<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** Where the value at a path stands; its parent's key when it stands nowhere. */
      readonly locate: (path: DocumentPath) => Place;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** @param file - as messages shall name it. */
export function checkDocument<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
): CheckedDocument<z.output<S>> {
  const read = readDocument(text, file);
  return read.ok ? checkValue(read.document, schema) : read;
}

export function checkValue<S extends z.ZodType>(document: ReadDocument, schema: S): CheckedDocument<z.output<S>> {
  // The finished issue no longer knows its schema, so the known keys are noted while it is being worded.
  const known = new Map<string, readonly string[]>();
  const parsed = schema.safeParse(document.value, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') known.set(issue.keys.join('\n'), knownKeys(issue.inst));
      return explainIssue(issue);
    },
  });
  if (parsed.success) return { ok: true, value: parsed.data, locate: document.locate };
  const issues = parsed.error.issues.flatMap((issue) => likeliest(issue));
  return { ok: false, problems: sortProblems(issues.flatMap((issue) => toProblems(document, issue, known))) };
}

type Issue = z.core.$ZodIssue;

/** Of several forms, the one whose outer shape fits is what was meant: its own problems say more than "none fits". */
function likeliest(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const fitting = issue.errors.filter((issues) =>
    issues.every(({ code, path }) => path.length > 0 || code !== 'invalid_type'),
  );
  const [meant, ...others] = fitting;
  if (meant === undefined || others.length > 0) return [issue];
  return meant.flatMap((inner) => likeliest({ ...inner, path: [...issue.path, ...inner.path] }));
}

function toProblems(document: ReadDocument, issue: Issue, known: ReadonlyMap<string, readonly string[]>): Problem[] {
  const { file, locate, locateKey } = document;
  const path = issue.path as DocumentPath;
  if (issue.code !== 'unrecognized_keys') {
    const place = issue.code === 'invalid_key' ? locateKey(path.slice(0, -1), String(path.at(-1))) : locate(path);
    return [problemAt(file, place, withName(path, issue.message))];
  }
  const words = known.get(issue.keys.join('\n')) ?? [];
  const where = path.length === 0 ? '' : ` in ${pathText(path)}`;
  return issue.keys.map((key) =>
    problemAt(
      file,
      locateKey(path, key),
      `unknown key "${key}"${where}; known: ${words.join(', ')}.${didYouMean(key, words)}`,
    ),
  );
}

/** `stages[1].percent: found 5; …` */
export const withName = (path: DocumentPath, message: string): string =>
  path.length === 0 ? message : `${pathText(path)}: ${message}`;

const pathText = (path: DocumentPath): string =>
  path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`)).join('');
