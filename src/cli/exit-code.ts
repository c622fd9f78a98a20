/** What a command's exit code says. Scripts rely on these numbers. */

export const exitCode = {
  done: 0,
  unexpected: 1,
  usage: 2,
  /** Plan, configuration or another file is wrong. */
  invalidFile: 3,
  /** By outcome: refused, superseded, red, mismatch. */
  failed: 4,
  /** By outcome. */
  rolledBack: 5,
  /** By outcome: paused, or out of time. */
  stuck: 6,
  /** The server, a worker or the evidence could not be reached. */
  unreachable: 7,
  /** Refused by policy, or in conflict with what is there. */
  refused: 8,
  interrupted: 130,
  /** The reader of the output went away. */
  brokenPipe: 141,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
