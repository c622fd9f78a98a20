/** What can be sent to a review. It is attested like a checklist item; its status has a shape of its own. */
import { defineQuery } from '@temporalio/workflow';
import type { ReviewStatus } from '../src/core/review.js';

export const reviewStatusQuery = defineQuery<ReviewStatus>('status');
