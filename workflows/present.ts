/** What Temporal's own UI shows: the details card and the search attributes. */
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { detailsCard } from '../src/core/details-card.js';
import { searchAttributes } from '../src/core/names.js';
import { setState, type Run } from './run.js';
import { flagLabels, telemetry } from './telemetry.js';
import { statusOf, whyOf } from './view.js';
import type { RolloutState } from '../src/core/rollout-shapes.js';

const stateKey = defineSearchAttributeKey(searchAttributes.state, 'KEYWORD');
const percentKey = defineSearchAttributeKey(searchAttributes.percent, 'DOUBLE');

/** The card is computed text and costs no history. */
export function present(run: Run): void {
  const { state, intended, observed } = run;
  telemetry.state({ ...flagLabels(run.plan), state, intended, observed: observed?.percent ?? null });
  setCurrentDetails(detailsCard(statusOf(run), whyOf(run)));
}

/** Each upsert is a history event, so only when there is something new to find the rollout by. */
export function enterState(run: Run, state: RolloutState): void {
  if (run.state !== state || run.findablePercent !== run.intended) {
    setState(run, state);
    run.findablePercent = run.intended;
    upsertSearchAttributes([
      { key: stateKey, value: state },
      { key: percentKey, value: run.intended },
    ]);
  }
  present(run);
}
