/** A world to break: a real server, workers as processes, and rollouts of seconds whose every trace is kept. */
import { Client, Connection, type WorkflowClient, type WorkflowHandleWithStartDetails } from '@temporalio/client';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { AuditEntry } from '../../src/core/audit.js';
import {
  defaultTaskQueue,
  ownerOf,
  packPath,
  rolloutWorkflowId,
  searchAttributes as searchAttributeNames,
} from '../../src/core/names.js';
import type { Plan } from '../../src/core/plan.js';
import type { RolloutResult, RolloutState, RolloutStatus } from '../../src/core/rollout-shapes.js';
import { auditQuery, rollbackSignal, statusQuery } from '../../workflows/messages.js';
import type { rollout } from '../../workflows/rollout.js';
import { openCliWorld, type CliWorld, type WorkerPlace } from './cli-world.js';
import type { RunningCli } from './cli.js';
import type { DevServerOptions } from './dev-server.js';
import { eventsOf, historiesOf } from './every-run.js';
import { watchFlag, type FlagWitness } from './flag-witness.js';
import { assertInvariants } from './invariants.js';
import type { Story } from './invariants/story.js';
import { readWrites, type LoggedWrite } from './read-writes.js';
import { replay } from './replay.js';

export interface FaultWorld extends Pick<CliWorld, 'folder' | 'server' | 'prometheus' | 'close'> {
  readonly flags: string;
  /** The archive's folder. */
  readonly archive: string;
  readonly temporal: Client;
  startWorker(how?: WorkerPlace): Promise<RunningCli>;
  /** @param how - unwatched: nobody reads the flag document all the while. */
  start(plan: Plan, how?: 'watched' | 'unwatched'): Promise<FaultRun>;
  /** Ends every worker and every open rollout, so that the next test begins with nobody else's. */
  endAll(): Promise<void>;
  /** As the shell's command line sees it: the configuration that the workers have. */
  cli(...args: string[]): ReturnType<CliWorld['run']>;
}

export interface FaultRun {
  readonly handle: WorkflowHandleWithStartDetails<typeof rollout>;
  status(): Promise<RolloutStatus>;
  until(state: RolloutState): Promise<RolloutStatus>;
  go(): Promise<void>;
  rollBack(reason?: string): Promise<void>;
  writes(): Promise<LoggedWrite[]>;
  /** Waits for the end; then every invariant holds, or the test fails. */
  end(told?: Pick<Story, 'logMayMiss' | 'brokenByHand'>): Promise<FaultRecord>;
}

export interface FaultRecord {
  readonly result: RolloutResult;
  readonly audit: readonly AuditEntry[];
  /** Every percent written, in order. */
  readonly percents: readonly (number | null)[];
  readonly events: Story['events'];
  /** How many runs of the workflow it took. */
  readonly runs: number;
}

const config = 'faults.config.yaml';

export async function openFaultWorld(on: DevServerOptions = {}): Promise<FaultWorld> {
  const world = await openCliWorld(on);
  const { folder, server, prometheus } = world;
  prometheus.answer(0.999);
  await writeFile(
    join(folder, config),
    stringify({
      temporal: { address: server.address },
      flagStores: { local: { kind: 'file', path: './flags.json' } },
      metrics: { kind: 'prometheus', url: prometheus.url, timeout: '2s' },
      archive: { kind: 'directory', path: './archive' },
    }),
  );
  const connection = await Connection.connect({ address: server.address });
  const temporal = new Client({ connection });
  const flags = join(folder, 'flags.json');
  const archive = join(folder, 'archive');
  const workers: RunningCli[] = [];
  const runs: FaultRun[] = [];
  return {
    folder,
    server,
    prometheus,
    flags,
    archive,
    temporal,
    startWorker: async ({ env, ...how } = {}) => {
      const worker = await world.startWorker({ ...how, env: { HOLDPOINT_CONFIG: config, ...env } });
      workers.push(worker);
      return worker;
    },
    endAll: async () => {
      for (const { child, ended } of workers.splice(0)) {
        child.kill('SIGKILL');
        await ended;
      }
      for (const { handle } of runs.splice(0)) await handle.terminate().catch(() => undefined);
    },
    cli: (...args) => world.run(...args, '--config', config),
    start: async (plan, how = 'watched') => {
      const { environment, key } = plan.flag;
      const witness = how === 'watched' ? watchFlag(flags, key) : null;
      const handle = await temporal.workflow.start<typeof rollout>('rollout', {
        workflowId: rolloutWorkflowId(environment, key),
        taskQueue: defaultTaskQueue,
        args: [{ plan, startedBy: 'dana' }],
      });
      const run = followed({ plan, flags, archive, client: temporal.workflow, handle, witness });
      runs.push(run);
      return run;
    },
    close: async () => {
      await connection.close();
      await world.close();
    },
  };
}

async function stateIn(handle: FaultRun['handle']): Promise<unknown> {
  const { searchAttributes } = await handle.describe();
  return searchAttributes[searchAttributeNames.state]?.[0];
}

interface Followed {
  readonly plan: Plan;
  readonly flags: string;
  readonly archive: string;
  readonly client: WorkflowClient;
  readonly handle: FaultRun['handle'];
  readonly witness: FlagWitness | null;
}

function followed({ plan, flags, archive, client, handle, witness }: Followed): FaultRun {
  const status = (): Promise<RolloutStatus> => handle.query(statusQuery);
  const writes = async (): Promise<LoggedWrite[]> =>
    (await readWrites(flags)).filter(({ key }) => key === plan.flag.key);
  /** After a long history the workflow has only the newest entries; the archive has all. */
  const wholeAudit = async (): Promise<readonly AuditEntry[]> => {
    // A worker on a busy machine has many histories to replay first.
    const audit = await client.connection.withDeadline(Date.now() + 60_000, () => handle.query(auditQuery));
    if (audit[0]?.seq === 1) return audit;
    const { environment, key } = plan.flag;
    const path = join(archive, packPath(environment, key, handle.firstExecutionRunId), 'audit.jsonl');
    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    return lines.map((line) => JSON.parse(line) as AuditEntry);
  };
  return {
    handle,
    status,
    writes,
    until: async (state) => {
      // The server knows. A query that waits for a worker would have it run ahead of its task, with an old clock.
      while ((await stateIn(handle)) !== state) await new Promise((resolve) => setTimeout(resolve, 100));
      return status();
    },
    go: () => handle.signal('go', { by: 'sam', role: 'release-manager' }),
    rollBack: (reason = 'enough') => handle.signal(rollbackSignal, { by: 'ola', reason }),
    end: async (told = {}) => {
      const result = await handle.result();
      const audit = await wholeAudit();
      const histories = await historiesOf(client, handle.workflowId);
      const events = eventsOf(histories);
      const own = await writes();
      const owner = ownerOf(handle.workflowId, handle.firstExecutionRunId);
      const sightings = (await witness?.end()) ?? [];
      assertInvariants({ plan, startedBy: 'dana', owner, result, audit, writes: own, events, sightings, ...told });
      for (const history of histories) await replay(history, handle.workflowId);
      return { result, audit, percents: own.map(({ percent }) => percent), events, runs: histories.length };
    },
  };
}
