/** Lexemes → YAML document, with what is no YAML in it, and what no file of ours may have. */
import {
  Composer,
  isAlias,
  isNode,
  isScalar,
  type LineCounter,
  Parser,
  visit,
  type CST,
  type Document,
  type YAMLError,
} from 'yaml';
import type { Stumble } from './document-limits.js';

export interface ParsedLexemes {
  readonly document: Document.Parsed;
  readonly errors: readonly Stumble[];
}

/** As the library's `parseDocument`, but of what is lexed already: lexing twice would slow every `holdpoint check`. */
export function parseLexemes(lexemes: readonly string[], lines: LineCounter, end: number): ParsedLexemes {
  const documents = new Composer({ strict: true }).compose(tokensOf(lexemes, lines), true, end);
  const first = documents.next();
  if (first.done === true) throw new RangeError('the composer gives a document even of nothing');
  const document = first.value;
  const second = documents.next();
  const errors = [
    ...plainErrors(document.errors),
    ...(second.done === true ? [] : [{ offset: second.value.range[0], message: secondDocument }]),
  ];
  return { document, errors: errors.length > 0 ? errors : strangeParts(document) };
}

const secondDocument = 'a second document begins here; keep one document a file';

function* tokensOf(lexemes: readonly string[], lines: LineCounter): Generator<CST.Token> {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of lexemes) yield* parser.next(lexeme);
  yield* parser.end();
}

/** Repeated keys all at once; of what is no YAML only the first, for the parser stumbles on from there. */
function plainErrors(errors: readonly YAMLError[]): Stumble[] {
  const repeated = errors.filter(({ code }) => code === 'DUPLICATE_KEY');
  const first = errors.filter(({ code }) => code !== 'DUPLICATE_KEY').toSorted((a, b) => a.pos[0] - b.pos[0])[0];
  const shown = repeated.map(({ pos }) => ({ offset: pos[0], message: 'this key stands twice; keep one' }));
  return first === undefined ? shown : [...shown, { offset: first.pos[0], message: plainYaml(first) }];
}

/** The parser's own words, first line only, without what it quotes: that may be a secret. */
function plainYaml({ message }: YAMLError): string {
  const said = (message.split('\n')[0] ?? message).replace(/(?: in YAML stream)?: .*$|[:.]$/, '');
  return `this is no YAML from here on (${said}); check the indentation, and put texts with { } [ ] , # or ": " in them into quotes`;
}

/**
 * What YAML allows and would change a meaning unseen: a %YAML line makes texts such as `on` into something else, and so
 * does a tag. An alias to nothing. Keys no file of ours has: JavaScript hides `__proto__` from every check.
 */
function strangeParts(document: Document.Parsed): Stumble[] {
  const found: Stumble[] = [];
  const { version, explicit } = document.directives.yaml;
  if (explicit === true && version !== '1.2')
    found.push({
      offset: 0,
      message: `YAML ${version} reads on, no and times in another way; leave the %YAML line out`,
    });
  visit(document, {
    Node: (_, node) => {
      if (!isAlias(node) && node.tag !== undefined && node.range != null)
        found.push({
          offset: node.range[0],
          message: 'a tag such as !x stands before this; leave it out, quotes make a text',
        });
    },
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
