/** What a command may do with the world it was called from. `main` makes the real one. */
import type pc from 'picocolors';
import type { Environment } from '../fill-environment.js';

/** Colours a text, or does nothing to it. */
export type Paint = ReturnType<typeof pc.createColors>;

export interface Terminal {
  readonly env: Environment;
  /** Data: a line or several for stdout. */
  readonly data: (text: string) => void;
  /** Talk: a line or several for stderr. */
  readonly talk: (text: string) => void;
  /** For whoever writes to it as a stream: a worker's logs and console channels. */
  readonly talkStream: NodeJS.WriteStream;
  /** For stdout. Every colour is nothing when it is no terminal or NO_COLOR is set. */
  readonly paint: Paint;
  /** Whether a person can be asked: both ends are terminals. */
  readonly canAsk: boolean;
  /** Whether stdout shows text that changes in place. */
  readonly isLive: boolean;
  /** The answer, without the line break. */
  readonly ask: (question: string) => Promise<string>;
  /**
   * Ctrl-C and the like, for a command that ends in its own way. Without this call the process just ends; a second
   * Ctrl-C ends it in any case.
   */
  readonly stopSignal: () => AbortSignal;
}
