export interface QuietOptions {
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface QuietEnd {
  /** Null: it did not start, was killed, or ran out of time. */
  readonly code: number | null;
  readonly output: string;
  /** In a line what went wrong, if anything did. */
  readonly why: string;
}

/** Runs a program without a terminal: nothing can ask for a password, nothing runs for ever. */
export function runQuiet(program: string, args: readonly string[], options: QuietOptions): Promise<QuietEnd>;
