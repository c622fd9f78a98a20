/** A rollback reaches the story as a cancellation: it must pass through every catch. */
import { isCancellation } from '@temporalio/workflow';

export function rethrowCancellation(error: unknown): void {
  if (isCancellation(error)) throw error;
}
