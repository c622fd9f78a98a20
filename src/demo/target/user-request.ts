/** What a user asks, once the service knows who it is. */
import type { Variant } from './failure-knobs.js';
import type { Reports } from './reports.js';

export interface UserRequest {
  /** Empty when nobody was named. */
  readonly user: string;
  readonly variant: Variant;
  readonly percent: number;
  /** From the path; empty where there is none. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly reports: Reports;
}
