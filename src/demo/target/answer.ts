/** What the service answers, before it is written to the wire. */

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const jsonAnswer = (status: number, value: unknown): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: `${JSON.stringify(value)}\n`,
});

export const emptyAnswer = (status: number): Answer => ({ status, type: '', body: '' });

/** @param error - a sentence for whoever called. */
export const refusal = (status: number, error: string): Answer => jsonAnswer(status, { error });
