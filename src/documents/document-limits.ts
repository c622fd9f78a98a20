/** How large a document may be. Looked at before it is parsed: the parser works by recursion, and a deep text ends the process. */
import { CST, Lexer } from 'yaml';

/** A document of people's is a few KiB; a megabyte is something else. */
const mostCharacters = 1_048_576;
const mostLevels = 64;
/** Each one is looked for in the whole document. */
const mostAliases = 50;

export interface Stumble {
  readonly offset: number;
  readonly message: string;
}

export type Lexed = { readonly ok: true; readonly lexemes: readonly string[] } | ({ readonly ok: false } & Stumble);

/** What the parser takes, or the first limit that the text goes over. */
export function lexWithinLimits(text: string): Lexed {
  const refuse = (offset: number, message: string): Lexed => ({ ok: false, offset, message });
  if (text.length > mostCharacters) return refuse(0, 'is larger than a megabyte; that is no file of this kind');
  const lexemes: string[] = [];
  let nesting: Nesting = { flow: 0, columns: [], opens: true };
  let aliases = 0;
  let offset = 0;
  let lineStart = 0;
  let isText = false;
  for (const lexeme of new Lexer().lex(text)) {
    lexemes.push(lexeme);
    // What follows the mark of a text is the text, whatever it looks like.
    if (!isText && lexeme === CST.SCALAR) {
      isText = true;
      continue;
    }
    const type = isText ? 'scalar' : CST.tokenType(lexeme);
    isText = false;
    nesting = nestingAfter(nesting, type, offset - lineStart);
    if (nesting.flow + nesting.columns.length > mostLevels)
      return refuse(offset, `is nested more than ${mostLevels} levels deep here; that is no file of this kind`);
    if (type === 'alias') aliases += 1;
    if (aliases > mostAliases)
      return refuse(offset, `this is alias number ${aliases}, the most is ${mostAliases}; write the values out`);
    // These two are marks between the lexemes and stand for no character.
    if (type === 'doc-mode' || type === 'flow-error-end') continue;
    offset += lexeme.length;
    if (type === 'newline') lineStart = offset;
  }
  return { ok: true, lexemes };
}

interface Nesting {
  /** Brackets and braces that are open. */
  readonly flow: number;
  /** Where the entries begin that are open around them, rising. */
  readonly columns: readonly number[];
  /** The next part begins an entry, if it is not in brackets. */
  readonly opens: boolean;
}

/** Never less than the parser's own nesting, but for a list that stands at the column of its key. */
function nestingAfter(nesting: Nesting, type: CST.TokenType | null, column: number): Nesting {
  const { flow, columns, opens } = nesting;
  switch (type === null ? 'part' : (roles[type] ?? 'part')) {
    case 'nothing':
      return nesting;
    case 'line':
      return { flow, columns, opens: true };
    case 'open':
      return { flow: flow + 1, columns, opens: false };
    case 'close':
      return { flow: Math.max(0, flow - 1), columns, opens: false };
    case 'close-all':
      return { flow: 0, columns, opens: true };
    case 'document':
      return { flow: 0, columns: [], opens: true };
    case 'indicator':
      return flow > 0 ? nesting : { flow, columns: opens ? entered(columns, column) : columns, opens: true };
    case 'part':
      return flow > 0 ? nesting : { flow, columns: opens ? entered(columns, column) : columns, opens: false };
  }
}

const entered = (columns: readonly number[], column: number): number[] => [
  ...columns.filter((open) => open < column),
  column,
];

type Role = 'nothing' | 'line' | 'open' | 'close' | 'close-all' | 'document' | 'indicator' | 'part';

/** What is not named here is a part: a text, an alias, an anchor, a tag. */
const roles: Readonly<Partial<Record<CST.TokenType, Role>>> = {
  'doc-mode': 'nothing',
  'byte-order-mark': 'nothing',
  'directive-line': 'nothing',
  space: 'nothing',
  comment: 'nothing',
  newline: 'line',
  'flow-seq-start': 'open',
  'flow-map-start': 'open',
  'flow-seq-end': 'close',
  'flow-map-end': 'close',
  'flow-error-end': 'close-all',
  'doc-start': 'document',
  'doc-end': 'document',
  'seq-item-ind': 'indicator',
  'explicit-key-ind': 'indicator',
  'map-value-ind': 'indicator',
};
