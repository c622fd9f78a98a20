/** What a user asks, once the service knows who it is. */
import type { Variant } from './failure-knobs.js';
import type { Reports } from './reports.js';

export interface UserRequest {
  /** Empty when nobody was named. */
  readonly user: string;
  readonly variant: Variant;
  readonly flag: ShownFlag;
  /** From the path; empty where there is none. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly reports: Reports;
}

/** What the page shows of the flag. */
export interface ShownFlag {
  readonly key: string;
  readonly percent: number;
  /** The document that everybody may see; null while there is none. */
  readonly document: string | null;
}
