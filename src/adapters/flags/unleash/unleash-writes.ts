/** The writes of Unleash. Only who takes a flag switches its environment on, only a rollback writes without comparing. */
import type { FlagRecord } from '../../../core/flag-record.js';
import type { FlagValues } from '../../../core/plan.js';
import { AdapterError } from '../../adapter-error.js';
import { inLanes } from '../in-lanes.js';
import type { Deadline, RemoteAnswer, RemoteWrite } from '../remote-step.js';
import {
  addStrategy,
  askEvents,
  askFeature,
  createFeature,
  patchStrategy,
  setRollout,
  switchEnvironment,
  type PatchOperation,
  type UnleashServer,
} from './unleash-api.js';
import { evidenceOf } from './unleash-evidence.js';
import {
  isPinned,
  isRollout,
  letsAllIn,
  noteIn,
  onlyRollout,
  type UnleashFeature,
  type UnleashStrategy,
} from './unleash-feature.js';
import { readNote, writeNote } from './unleash-note.js';

export interface SeenFeature {
  readonly record: FlagRecord;
  readonly feature: UnleashFeature | null;
}

export interface UnleashWrite {
  readonly server: UnleashServer;
  readonly seen: SeenFeature;
  readonly write: RemoteWrite;
  readonly onTrouble: (sentence: string) => void;
}

const overtaken = { kind: 'overtaken' } as const;

/** A claim, or a person's set: the percent first, then on, so that whoever asks in between is out. */
export async function writeTaking(doing: UnleashWrite): Promise<RemoteAnswer> {
  const { server, seen, write } = doing;
  const { key } = write.step;
  const { deadline } = write;
  const { feature } = seen;
  const title = noteFor(doing);
  const rollout = String(write.write.percent);
  if (feature === null) await createFeature(server, key, deadline);
  let evidence: string | undefined;
  if (feature === null || feature.strategies.length === 0) {
    await addStrategy(server, key, { rollout, title, deadline });
  } else {
    const strategy = onlyRollout(feature);
    if (strategy === null) throw severalRules(server, key, feature);
    const answer = await change(doing, strategy, { rollout, title });
    if (answer.kind === 'overtaken') return answer;
    evidence = answer.evidence;
  }
  if (feature?.enabled !== true && (write.step.action === 'claim' || rollout !== '0'))
    await switchEnvironment(server, { key, deadline }, 'on');
  return { kind: 'landed', evidence };
}

/** Switched on, several strategies would each let users in, and the flag would not be at 0. */
function severalRules(
  { adapter, environment }: UnleashServer,
  key: string,
  { strategies }: UnleashFeature,
): AdapterError {
  const names = strategies.map(({ name, disabled }) => `${name}${disabled ? ' (switched off)' : ''}`).join(', ');
  return new AdapterError(
    adapter,
    'not-configured',
    `${key} has these strategies in ${environment}: ${names}. Unleash lets in whom any of them lets in, so no percentage could be kept. Leave exactly one flexibleRollout, switched on, or none.`,
  );
}

export async function writeFlip(doing: UnleashWrite): Promise<RemoteAnswer> {
  const { server, seen, write } = doing;
  const { key } = write.step;
  const strategy = seen.feature === null ? null : onlyRollout(seen.feature);
  if (seen.feature?.enabled !== true || strategy === null)
    throw new AdapterError(
      server.adapter,
      'not-configured',
      `${key} is switched off in ${server.environment}. No flip switches it on, so that none can undo a rollback: switch it on in Unleash, or roll back.`,
    );
  return change(doing, strategy, { rollout: String(write.write.percent), title: strategy.title });
}

/** Compared by Unleash, and held against its log: between its reading and its writing somebody else may have written. */
async function change(
  { server, write, onTrouble }: UnleashWrite,
  strategy: UnleashStrategy,
  to: { readonly rollout: string; readonly title: string | null },
): Promise<RemoteAnswer> {
  const { step, deadline } = write;
  const where = { key: step.key, strategy, deadline };
  const { title } = strategy;
  const operations: PatchOperation[] = [
    { op: 'test', path: '/parameters/rollout', value: strategy.rollout },
    { op: 'test', path: '/title', value: title },
    { op: 'replace', path: '/parameters/rollout', value: to.rollout },
    ...(to.title === title || to.title === null ? [] : [{ op: 'add', path: '/title', value: to.title } as const]),
  ];
  if (!(await patchStrategy(server, where, operations))) return overtaken;
  const events = await askEvents(server, step.key, deadline).catch((error: unknown) => {
    if (!(error instanceof AdapterError)) throw error;
    onTrouble(
      `What ${server.adapter} changed for ${step.key} could not be held against Unleash's log. ${error.message}`,
    );
    return [];
  });
  const found = evidenceOf(events, strategy, to);
  if (found.kind !== 'overtook')
    return { kind: 'landed', evidence: found.kind === 'none' ? undefined : eventName(found.id) };
  const { rollout, title: before } = found.before;
  await patchStrategy(server, where, [
    { op: 'replace', path: '/parameters/rollout', value: rollout },
    ...(before === null ? [] : [{ op: 'add', path: '/title', value: before } as const]),
  ]);
  return overtaken;
}

const eventName = (id: string): string => `unleash event ${id}`;

/** Off before anything else: one request that needs no strategy and that no late flip undoes. */
export async function writeBack(doing: UnleashWrite): Promise<RemoteAnswer> {
  const { server, seen, write } = doing;
  const { key } = write.step;
  const { deadline } = write;
  const { feature } = seen;
  if (feature === null) await createFeature(server, key, deadline);
  else await switchEnvironment(server, { key, deadline }, 'off');
  const title = noteFor(doing);
  const holder = feature === null ? null : (noteIn(feature)?.holder ?? onlyRollout(feature));
  if (holder === null) await addStrategy(server, key, { rollout: '0', title, deadline });
  else {
    const note = { op: 'add', path: '/title', value: title } as const;
    const operations = isRollout(holder) ? [setRollout(0), note] : [note];
    if (!(await patchStrategy(server, { key, strategy: holder, deadline }, operations))) return overtaken;
  }
  await pin(server, write.write.set, deadline);
  return { kind: 'landed' };
}

function noteFor({ seen: { feature, record }, write: { write, step } }: UnleashWrite): string {
  const held = feature === null ? null : noteIn(feature);
  const before = held?.holder ?? (feature === null ? null : onlyRollout(feature));
  return writeNote({
    fence: write.fence,
    owner: write.owner,
    safeState: write.safeState ?? record.safeState,
    breakGlass: write.breakGlass ?? record.breakGlass,
    armed: step.action === 'claim',
    by: step.by,
    reason: step.reason,
    title: held?.note.title ?? (readNote(before?.title ?? null) === null ? (before?.title ?? null) : null),
  });
}

/** The safe state's other flags: their switch, and for those that are on a strategy that lets everybody in. */
async function pin(server: UnleashServer, set: FlagValues, deadline: Deadline): Promise<void> {
  await inLanes(Object.entries(set), async ([key, value]) => {
    const feature = await askFeature(server, key, deadline);
    if (isPinned(feature, value)) return;
    if (feature === null) await createFeature(server, key, deadline);
    if (value && feature?.strategies.some(letsAllIn) !== true)
      await addStrategy(server, key, { rollout: '100', title: 'Holdpoint: on for everybody', deadline });
    // A feature that was just made is off.
    if (value || feature !== null) await switchEnvironment(server, { key, deadline }, value ? 'on' : 'off');
  });
}
