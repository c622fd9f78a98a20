/** What a clean day of 24 hours leaves in Temporal: read from the stored history of this release. */
import proto from '@temporalio/proto';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { estimateEvents } from '../../dist/src/plan/estimate-events.js';
import { loadPlan } from '../../dist/src/plan/load-plan.js';

const eventsGoal = 1_200;

export async function measureDay() {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  const stored = await readFile(new URL(`../histories/${version}/clean-day.json`, import.meta.url), 'utf8');
  const history = historyFromJSON(JSON.parse(stored).history);
  const events = history.events ?? [];
  const encoded = proto.temporal.api.history.v1.History.encode(history).finish();
  const activities = events.filter(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled != null);
  const looks = activities.filter(
    ({ activityTaskScheduledEventAttributes: { activityType } }) => activityType.name === 'look',
  );
  return [
    { what: 'events', value: events.length, unit: '', atMost: eventsGoal },
    { what: 'encoded', value: encoded.length / 1_024, unit: 'KiB', atMost: 400 },
    { what: 'activities', value: activities.length, unit: '', atMost: null },
    { what: 'of them looks', value: looks.length, unit: '', atMost: null },
    {
      what: 'events expected of ops/plans/day0.yaml',
      value: await expectedOfSeedDay(),
      unit: '',
      atMost: eventsGoal,
    },
  ];
}

/** A test plays this plan to its end and holds the expectation to a tenth. */
async function expectedOfSeedDay() {
  const loaded = await loadPlan(fileURLToPath(new URL('../../ops/plans/day0.yaml', import.meta.url)));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return estimateEvents(loaded.plan).total;
}
