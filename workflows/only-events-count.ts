/** What a refused Update must not change. */
import { patched } from '@temporalio/workflow';

/**
 * An Update that its validator refuses gives the live workflow a task, and its history no event, or a task without
 * anything in it. A replay has no such task, or takes it together with the one before. So nothing here may follow from
 * a task alone: a wait asks only for what messages, timers and activities changed, never for the length of the history
 * or the time (`condition`), and what a signal or an activity changes leaves an event (`record`).
 * False in histories from before; asked once, in the first task of each run.
 */
export const onlyEventsCount = (): boolean => patched('only-events-count');
