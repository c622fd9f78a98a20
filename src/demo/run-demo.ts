/** The demo from its first line to its last: the machine, both acts, and where to look afterwards. */
import { join } from 'node:path';
import { packPath } from '../core/names.js';
import type { Plan } from '../core/plan.js';
import { openMachine, type Machine } from '../dev/machine.js';
import { packageFile } from '../dev/package-file.js';
import { untilAborted } from '../dev/until-aborted.js';
import { renderProblem } from '../documents/problem.js';
import type { RolloutSummary } from '../find-rollout.js';
import { loadPlan } from '../plan/load-plan.js';
import { openRolloutClient } from '../rollout-client.js';
import { playActOne } from './act-one.js';
import { playActTwo } from './act-two.js';
import type { Scene } from './scene.js';
import type { Story } from './story.js';
import { takeBackAfterTheEnd } from './take-back.js';

export interface DemoOptions {
  /** An empty folder; logs, reports and state go there. */
  readonly dir: string;
  /** Keeps everything running afterwards, until the signal. */
  readonly stay: boolean;
  readonly story: Story;
  readonly signal: AbortSignal;
}

/** Throws what went wrong, after everything it started has ended. */
export async function runDemo({ dir, stay, story, signal }: DemoOptions): Promise<void> {
  story.title('Holdpoint: a feature flag from 10 to 100 percent, and back to 0 by itself');
  story.say(
    'Everything here is real: servers, requests, numbers, decisions. A day is compressed to a minute. Times are UTC.',
  );
  const plan = await readPlan(packageFile('ops/plans/demo.yaml'));
  const machine = await openMachine({ dir, onProgress: (line) => story.show(line) });
  try {
    introduce(story, machine);
    await Promise.race([play({ machine, plan, story, signal }, stay), failWhenBroken(machine)]);
    if (stay) await stayOpen(story, machine, signal);
  } finally {
    await machine.close();
  }
}

async function readPlan(path: string): Promise<Plan> {
  const loaded = await loadPlan(path);
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join('\n'));
  return loaded.plan;
}

function introduce(story: Story, { ready }: Machine): void {
  story.say('');
  story.show(`Temporal            ${ready.temporalAddress}, its UI ${ready.temporalUi}`);
  story.show(`Prometheus          ${ready.prometheus}, asks the service and the worker each second`);
  story.show(`Reporting service   ${ready.target}, 80 requests a second from 400 users`);
  story.show(`Flag document       ${ready.flags}, which the service obeys`);
  story.show(`In a browser        ${ready.target}/?user=user-0001, where the percentage arrives while you look`);
}

async function play(context: Omit<Scene, 'client' | 'isBrief'>, stay: boolean): Promise<void> {
  const { machine, story, plan } = context;
  const client = await openRolloutClient(machine.config.temporal);
  try {
    const scene = { ...context, client, isBrief: false };
    story.title('Act 1: a healthy release');
    const clean = await playActOne(scene);
    story.say('');
    await takeBackAfterTheEnd(scene);
    story.title('Act 2: the same release breaks at half of the users');
    const broken = await playActTwo({ ...scene, isBrief: true });
    story.title('Where to look');
    for (const [name, rollout] of [
      ['Act 1', clean],
      ['Act 2', broken],
    ] as const) {
      story.show(`${name}, report        ${reportPath(machine, plan, rollout)}`);
      story.show(`${name}, in Temporal   ${temporalUrl(machine, rollout)}`);
    }
    if (!stay) story.show('Temporal ends here with all the rest. To click around: npm run demo -- --stay');
  } finally {
    await client.close();
  }
}

const reportPath = ({ folder }: Machine, { flag }: Plan, { runId }: RolloutSummary): string =>
  join(folder.archivePath, packPath(flag.environment, flag.key, runId), 'report.md');

const temporalUrl = ({ ready }: Machine, { rollout, runId }: RolloutSummary): string =>
  `${ready.temporalUi}/namespaces/${ready.namespace}/workflows/${encodeURIComponent(rollout)}/${runId}/history`;

async function failWhenBroken(machine: Machine): Promise<never> {
  throw new Error(await machine.broken);
}

async function stayOpen(story: Story, machine: Machine, signal: AbortSignal): Promise<void> {
  const { target, config } = machine.ready;
  story.say('');
  story.say('Everything keeps running until Ctrl-C. In another terminal:');
  story.show(`export HOLDPOINT_CONFIG=${config}`);
  story.show('npx holdpoint list');
  story.show(`npx holdpoint start ${packageFile('ops/plans/demo.yaml')} --wait`);
  story.show(`curl -X PUT ${target}/__knobs -H 'content-type: application/json' -d '{"autosaveFailureRatio": 0.4}'`);
  story.show(`The service's page: ${target}/?user=user-0001`);
  await Promise.race([untilAborted(signal), failWhenBroken(machine)]);
  story.say('Ending all of it.');
}
