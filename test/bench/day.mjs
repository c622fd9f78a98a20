/** What a clean day of 24 hours leaves in Temporal: read from the stored history of this release. */
import proto from '@temporalio/proto';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { readFile } from 'node:fs/promises';

export async function measureDay() {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  const stored = await readFile(new URL(`../histories/${version}/clean-day.json`, import.meta.url), 'utf8');
  const history = historyFromJSON(JSON.parse(stored).history);
  const events = history.events ?? [];
  const encoded = proto.temporal.api.history.v1.History.encode(history).finish();
  const activities = events.filter(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled != null);
  return [
    { what: 'events', value: events.length, unit: '', goal: 'at most 1,200' },
    { what: 'encoded', value: encoded.length / 1_024, unit: 'KiB', goal: 'at most 400 KiB' },
    { what: 'activities', value: activities.length, unit: '', goal: null },
  ];
}
