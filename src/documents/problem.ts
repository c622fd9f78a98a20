/** One thing wrong with a file a person wrote, at its place. */

export interface Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** What was found, what is allowed, and what to do: stands alone. */
  readonly message: string;
  /** A `warning` does not make the file wrong. */
  readonly severity: 'error' | 'warning';
}

/** `file:line:column: message`, as editors and terminals make links of. */
export function renderProblem({ file, line, column, message, severity }: Problem): string {
  return `${file}:${line}:${column}: ${severity === 'warning' ? 'warning: ' : ''}${message}`;
}

/** By place, so that a reader goes through the file once. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) => a.file.localeCompare(b.file, 'en') || a.line - b.line || a.column - b.column || 0,
  );
}
