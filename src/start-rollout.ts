/** Starting a rollout: one open one per flag, and a refusal that says who has it. */
import { defaultPayloadConverter, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { shortDigest } from './core/digest.js';
import { formatInstant } from './core/instant.js';
import { rolloutWorkflowId } from './core/names.js';
import { formatPercent } from './core/number-text.js';
import type { Plan } from './core/plan.js';
import { readRevert } from './core/revert.js';
import type { RolloutInput } from './core/rollout-shapes.js';
import {
  describeRollout,
  revertType,
  rolloutType,
  startingAttributes,
  type RolloutRef,
  type RolloutSummary,
  type StartMemo,
} from './find-rollout.js';
import { RolloutError } from './rollout-error.js';
import { registerSearchAttributes } from './search-attributes.js';
import { grpcCode, grpcCodeOf, type TemporalReach } from './temporal-reach.js';

const startMs = 10_000;

export async function startRollout(reach: TemporalReach, plan: Plan, by: string): Promise<RolloutSummary> {
  const { environment, key } = plan.flag;
  const rollout = rolloutWorkflowId(environment, key);
  try {
    await sendStart(reach, rollout, { plan, startedBy: by });
  } catch (error) {
    if (!isAlreadyOpen(error)) throw error;
    throw await refuseSecond(reach, rollout, error);
  }
  const started = await describeRollout(reach, { rollout });
  if (started === null)
    throw new RolloutError('not-found', `${rollout} was started, but is gone again. Look at Temporal.`);
  return started;
}

function sendStart(reach: TemporalReach, rollout: string, input: RolloutInput): Promise<unknown> {
  const options = startOptions(reach.taskQueue, rollout, input);
  return withAttributes(reach, `Starting ${rollout}`, () => reach.client.workflow.start(rolloutType, options));
}

/** Search attributes are registered by the first worker. Who starts before there is one registers them. */
export async function withAttributes<T>(reach: TemporalReach, what: string, start: () => Promise<T>): Promise<T> {
  const send = (): Promise<T> => reach.ask({ what, limitMs: startMs, run: start });
  try {
    return await send();
  } catch (error) {
    if (grpcCodeOf(error) !== grpcCode.invalidArgument || !/search attribute/i.test((error as Error).message))
      throw error;
    await reach.ask({
      what: 'Registering the search attributes',
      limitMs: startMs,
      run: () => registerSearchAttributes(reach.client.connection, reach.namespace),
    });
    return send();
  }
}

function startOptions(taskQueue: string, workflowId: string, input: RolloutInput) {
  const { plan, startedBy } = input;
  const { environment, key } = plan.flag;
  const memo: StartMemo = { startedBy, plan: plan.name, planDigest: plan.digest };
  return {
    workflowId,
    taskQueue,
    // A worker that dies with a task in its hands delays a rollback by this long. A replay of a whole day takes a second.
    workflowTaskTimeout: '5 s' as const,
    args: [input],
    workflowIdConflictPolicy: 'FAIL' as const,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    typedSearchAttributes: startingAttributes(key, environment),
    memo: { ...memo },
    staticSummary: `${plan.name}: ${key} in ${environment} to ${formatPercent(plan.stages.at(-1)?.percent ?? null)}`,
    staticDetails: staticDetails(plan, startedBy),
  };
}

/** Markdown lists: Temporal's own UI runs table columns together. */
function staticDetails(plan: Plan, startedBy: string): string {
  return [
    `- **Plan** ${plan.name} (${shortDigest(plan.digest)})${plan.owner === null ? '' : `, owned by ${plan.owner}`}`,
    `- **Flag** ${plan.flag.environment}/${plan.flag.key} in store ${plan.flag.store}`,
    `- **Stages** ${plan.stages.map(({ percent }) => formatPercent(percent)).join(' → ')}`,
    `- **Started by** ${startedBy}`,
    ...(plan.description === null ? [] : ['', plan.description]),
  ].join('\n');
}

function isAlreadyOpen(error: unknown): error is RolloutError {
  return error instanceof RolloutError && error.cause instanceof WorkflowExecutionAlreadyStartedError;
}

async function refuseSecond(reach: TemporalReach, rollout: string, cause: RolloutError): Promise<RolloutError> {
  const open = await describeRollout(reach, { rollout });
  const who = open?.startedBy ?? 'somebody';
  const since = open === null ? '' : ` since ${formatInstant(open.startedAt)}`;
  const where = open === null ? '' : ` It is ${open.state} at ${formatPercent(open.percent)}.`;
  return new RolloutError(
    'already-open',
    `This flag has an open rollout already: ${rollout}, started by ${who}${since}.${where} See it with: holdpoint status ${open === null ? '' : `${open.environment}/${open.flag}`}`,
    { cause },
  );
}

/** What a rollout was started with, from its history: works when no worker does. */
export async function readPlan(reach: TemporalReach, { rollout, endedRunId }: RolloutRef): Promise<Plan> {
  const history = await reach.ask({
    what: `Reading the plan of ${rollout}`,
    limitMs: startMs,
    run: (client) =>
      client.workflowService.getWorkflowExecutionHistory({
        namespace: reach.namespace,
        execution: { workflowId: rollout, runId: endedRunId ?? '' },
        maximumPageSize: 1,
      }),
  });
  const started = history.history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const payload = started?.input?.payloads?.[0];
  if (payload == null) throw new RolloutError('not-found', `${rollout} has no plan in its history.`);
  const input = defaultPayloadConverter.fromPayload<RolloutInput>(payload);
  const plan = started?.workflowType?.name === revertType ? readRevert(input, rollout)?.plan : input.plan;
  if (plan === undefined) throw new RolloutError('not-found', `${rollout} was not started as Holdpoint does.`);
  return plan;
}
