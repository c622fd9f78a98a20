/** Processes that race for one flag: nothing is lost, the fence only grows, nothing lands after a rollback. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parseFlagDocument, readRecord } from '../../../src/adapters/flags/flag-document.js';
import type { FlagRecord } from '../../../src/core/flag-record.js';
import type { RacingNews, RacingOrder } from '../../support/children/racing-writer.js';
import { compiled } from '../../support/compiled.js';
import { tempFolder } from '../../support/temp-folder.js';

const program = compiled('test/support/children/racing-writer.ts');

async function race(order: RacingOrder): Promise<RacingNews['outcomes']> {
  const child = fork(program(), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  // Ended by then, unless the test was given up: nothing goes on writing behind it.
  onTestFinished(() => void child.kill('SIGKILL'));
  child.send(order);
  const ended = once(child, 'exit');
  const news = await Promise.race([once(child, 'message') as Promise<[RacingNews]>, ended.then(() => null)]);
  await ended;
  if (news === null) throw new Error('a writer ended without news');
  return news[0].outcomes;
}

type Brief = Pick<FlagRecord, 'percent' | 'fence' | 'revision' | 'owner'>;
interface LogLine {
  readonly action: 'claim' | 'flip' | 'rollback';
  readonly before: Brief;
  readonly after: Brief;
}

/** In the order in which they landed: each goes on from where the one before ended. */
function chainOf(lines: readonly LogLine[]): LogLine[] {
  const next = new Map(lines.map((line) => [line.before.revision, line]));
  expect(next.size).toBe(lines.length);
  const chain: LogLine[] = [];
  for (let line = next.get('none'); line !== undefined; line = next.get(line.after.revision)) chain.push(line);
  return chain;
}

/** Six hundred durable writes, one after the other: seconds, or minutes on a machine that has much else to do. */
const patienceMs = 300_000;

it('case 47: two rollouts and a person, 200 writes each', { timeout: patienceMs }, async () => {
  const path = join(await tempFolder(), 'flags.json');
  const key = 'reporting-unified';
  const everybody = ['rollout', 'rollout', 'person'] as const;
  const outcomes = (await Promise.all(everybody.map((as) => race({ path, key, as, count: 200 })))).flat();

  const lines = (await readFile(`${path}.log.jsonl`, 'utf8')).trimEnd().split('\n');
  const chain = chainOf(lines.map((line) => JSON.parse(line) as LogLine));
  // Nothing lost: every write goes on from another's, and the last one is what the document holds.
  expect(chain).toHaveLength(lines.length);
  const document = parseFlagDocument(await readFile(path, 'utf8'));
  if (document === null) throw new Error('the document is broken');
  expect(readRecord(document, key)).toMatchObject(chain.at(-1)?.after ?? {});
  // Nothing invented: what the processes were told was written is what was logged.
  const told = outcomes.flatMap((one) => (one.kind === 'written' ? [one.receipt.revision] : []));
  expect(new Set(told)).toEqual(new Set(chain.map(({ after }) => after.revision)));

  for (const { action, before, after } of chain) {
    expect(after.fence).toBe(action === 'flip' ? before.fence : before.fence + 1);
    expect(after.percent).toBe(action === 'flip' ? (before.percent ?? 0) + 5 : 0);
    if (action === 'flip') expect(before.owner).toBe(after.owner);
  }
  // It was a race: some were refused, and every kind of write landed.
  expect(outcomes.some(({ kind }) => kind === 'refused')).toBe(true);
  expect(new Set(chain.map(({ action }) => action))).toEqual(new Set(['claim', 'flip', 'rollback']));
});

it('four people behind a writer that hangs: all get through, one after the other', async () => {
  const path = join(await tempFolder(), 'flags.json');
  const hanging = {
    id: 'hanging',
    host: hostname(),
    pid: process.pid,
    startedAt: null,
    leaseUntilMs: Date.now() + 9_000,
  };
  await symlink(JSON.stringify(hanging), `${path}.lock`);
  const order = { path, key: 'reporting-unified', as: 'person', count: 1 } as const;
  const outcomes = (await Promise.all([1, 2, 3, 4].map(() => race(order)))).flat();
  const fences = outcomes.map((one) => (one.kind === 'written' ? one.receipt.fence : one.why));
  expect(fences.toSorted((a, b) => Number(a) - Number(b))).toEqual([1, 2, 3, 4]);
});
