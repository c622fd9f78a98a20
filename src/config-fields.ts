/** The fields of a configuration file: texts with `${NAME}` filled in, each wrong one answered with an example. */
import { z } from 'zod';
import { show } from './documents/explain-issue.js';
import { fillEnvironment, sayMissing, strayPlaceholder, type Environment } from './fill-environment.js';

export interface TextRule {
  readonly isRight: (text: string) => boolean;
  /** What would be right, with an example. */
  readonly wanted: string;
  /** Never repeated in a message. */
  readonly secret?: boolean;
}

export function textField(env: Environment, { isRight, wanted, secret = false }: TextRule) {
  const hidden = (text: string): boolean => secret || text.includes('@');
  return z.string({ error: ({ input }) => wrongType(input, { wanted, secret }) }).transform((text, context) => {
    const { text: filled, missing, secrets } = fillEnvironment(text, env);
    const stray = strayPlaceholder(text);
    const found = hidden(filled) || secrets.length > 0 ? 'what is given' : `"${filled}"`;
    const problem =
      stray !== null
        ? `${stray} is no name of an environment variable; write it as \${NAME}, in upper case`
        : missing.length > 0
          ? sayMissing(missing)
          : isRight(filled)
            ? null
            : `${found} is not right; write ${wanted}`;
    if (problem === null) return filled;
    context.addIssue({ code: 'custom', message: problem });
    return z.NEVER;
  });
}

function wrongType(input: unknown, { wanted, secret = false }: Omit<TextRule, 'isRight'>): string {
  if (input === undefined) return `is missing; write ${wanted}`;
  // A number or a list is never filled in, so a secret typed in without quotes would stand in the message.
  return `${secret ? 'what is given' : show(input)} is no text; write ${wanted}, in quotes if need be`;
}

/** For `z.strictObject` and `z.record`: when there is no mapping at all, `example` shows one. */
export const likeThis = (example: string) => ({
  error: ({ code, input }: { readonly code?: string | undefined; readonly input?: unknown }): string | undefined => {
    if (code !== 'invalid_type') return undefined;
    return `${input === undefined ? 'is missing' : `found ${show(input)}`}; write it like this: ${example}`;
  },
});

export type TextField = ReturnType<typeof textField>;

export const isSomething = (text: string): boolean => text.trim() !== '';

export const isAddress = (text: string): boolean => {
  const [, port] = /^[^\s/:@]+:(\d{1,5})$|^\[[0-9a-fA-F:]+\]:(\d{1,5})$/.exec(text)?.filter(Boolean) ?? [];
  return port !== undefined && Number(port) <= 65_535;
};

export const isHttpUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
};

export const isMailServer = (text: string): boolean => {
  if (!/^smtps?:\/\/[^/]+\/?$/.test(text) || !URL.canParse(text)) return false;
  const { hostname, username, password } = new URL(text);
  return hostname !== '' && username === '' && password === '';
};

/** Null and missing values belong to others: a rule over several keys looks only at what is a mapping. */
export const mappingOr = <T>(value: T): Partial<T> =>
  typeof value === 'object' && value !== null ? value : ({} as Partial<T>);
