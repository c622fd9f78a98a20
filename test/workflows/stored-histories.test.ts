/** What earlier releases wrote still replays; and replay does notice a workflow that decides otherwise. */
import { describe, expect, it } from 'vitest';
import { productionBundle, replay } from '../support/replay.js';
import { readStoredHistories } from '../support/stored-history.js';

const stored = await readStoredHistories();

it('there are some', () => {
  expect(stored.length).toBeGreaterThanOrEqual(6);
});

it.each(stored)('$name replays', async ({ workflowId, history }) => {
  await replay(history, workflowId);
});

describe('case 19: a stored history fails to replay on a mutated workflow', () => {
  const cleanDay = stored.find(({ name }) => name.endsWith('/clean-day'));

  it.each([
    ['that flips by another activity', '.flipFlag(', '.readFlag('],
    ['that looks after another time', 'run.plan.watch.everyMs', '(run.plan.watch.everyMs === 0 ? 1 : 0)'],
    ['that does not claim', "run.claim = 'trying'", "return 'no'"],
  ])('%s', async (_, from, to) => {
    const code = productionBundle();
    const mutated = code.replaceAll(from, to);
    expect(mutated).not.toBe(code);
    await expect(replay(cleanDay?.history, cleanDay?.workflowId ?? '', mutated)).rejects.toThrow(
      /[Nn]ondeterminism|TMPRL1100/,
    );
  });
});
