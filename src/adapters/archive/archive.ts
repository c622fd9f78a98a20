/** The port to where packs are kept: text files under `/`-separated paths without `.` or `..` parts. */

export interface Archive {
  /** Whole or not at all; replaces what was there. Throws `AdapterError`. */
  put(path: string, text: string): Promise<void>;
  /** Null when there is no such file. Throws `AdapterError`. */
  get(path: string): Promise<string | null>;
}
