/** A plan file as far as it is right, part by part: what the rules look at. */
import type { z } from 'zod';
import type { DocumentPath } from '../documents/read-document.js';
import { commsSchema, type CommsFile } from './comms-schema.js';
import { checkSchema, type CheckFile } from './check-schema.js';
import {
  afterSchema,
  gateSchema,
  preflightSchema,
  type AfterFile,
  type GateFile,
  type PreflightFile,
} from './gate-schema.js';
import { planShape, stageSchema, type PlanFile, type StageFile, type WatchFile } from './plan-schema.js';
import { salvage } from './salvage.js';

/** Null wherever the file says nothing, or nothing that can be read. */
export interface PlanDraft {
  readonly flag: PlanFile['flag'] | null;
  readonly startAt: string | null;
  readonly deadlineMs: number | null;
  readonly endAt: number | null;
  readonly slis: string | null;
  readonly preflight: PreflightFile | null;
  readonly watch: WatchFile | null;
  readonly gate: GateFile | null;
  readonly after: AfterFile | null;
  readonly stages: readonly (StageFile | null)[];
  readonly policy: PlanFile['policy'] | null;
  readonly checks: Readonly<Record<string, CheckFile | null>>;
  readonly channels: readonly string[];
  readonly comms: CommsFile | null;
  /** The file says something there, right or wrong. What is wrong has a problem already: it is not missing besides. */
  readonly says: (path: DocumentPath) => boolean;
}

export function draftOf(value: unknown): PlanDraft {
  const raw = mapping(value);
  const part = <S extends z.ZodType>(key: keyof typeof planShape, schema: S): z.output<S> | null =>
    raw[key] === undefined ? null : salvage(schema, raw[key]);
  const { stages, checks } = raw;
  return {
    flag: part('flag', planShape.flag),
    startAt: part('startAt', planShape.startAt) ?? null,
    deadlineMs: part('deadline', planShape.deadline),
    endAt: part('endAt', planShape.endAt) ?? null,
    slis: part('slis', planShape.slis) ?? null,
    preflight: part('preflight', preflightSchema),
    watch: part('watch', planShape.watch),
    gate: raw['gate'] === undefined ? {} : salvage(gateSchema, raw['gate']),
    after: part('after', afterSchema),
    stages: Array.isArray(stages) ? stages.map((stage) => salvage(stageSchema, stage)) : [],
    policy: salvage(planShape.policy, raw['policy']),
    checks: Object.fromEntries(
      Object.entries(mapping(checks)).map(([name, check]) => [name, salvage(checkSchema, check)]),
    ),
    channels: part('announce', planShape.announce)?.channels ?? [],
    comms: part('comms', commsSchema),
    says: (path) => path.reduce<unknown>(member, value) !== undefined,
  };
}

const mapping = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

const member = (parent: unknown, key: string | number): unknown =>
  typeof parent === 'object' && parent !== null && Object.hasOwn(parent, key)
    ? (parent as Readonly<Record<string | number, unknown>>)[key]
    : undefined;
