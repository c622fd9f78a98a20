/** A pack of a story that a test tells: whole, with the evidence of every verdict, and the same each time. */
import { nextEntry, type AuditEntry, type AuditKind } from '../../src/core/audit.js';
import { textDigest } from '../../src/core/digest.js';
import type { Evidence } from '../../src/core/evidence.js';
import { traceOf, type Answers } from '../../src/core/evidence-trace.js';
import { recordTexts, reportTexts, resultIn } from '../../src/core/pack-files.js';
import type { Pack } from '../../src/core/pack.js';
import type { Plan } from '../../src/core/plan.js';
import type { Reading, Sample } from '../../src/core/sample.js';
import { judge } from '../../src/core/verdict.js';
import { packOf } from './archived-pack.js';

export const value = (number: number, events?: number): Reading => ({
  kind: 'value',
  value: number,
  raw: String(number),
  ...(events === undefined ? {} : { events }),
});

/** `08:16` or `08:16:05` on the day of the story. */
export const clock = (time: string): string => new Date(`2026-12-01T${time}Z`).toISOString();

export type Said = Readonly<Record<string, Reading>>;

export function tellStory(plan: Plan) {
  const audit: AuditEntry[] = [];
  const texts = new Map<string, string>();
  let stage = 0;
  let flippedAt: string | null = null;
  const add = (time: string, kind: AuditKind, data: AuditEntry['data']): void => {
    audit.push(nextEntry(audit, { at: clock(time), kind, data }));
  };
  const receipt = (percent: number, time: string, by = 'holdpoint') => ({
    state: 'proven',
    percent,
    fence: audit.length,
    revision: `r${audit.length}`,
    writtenAt: clock(time),
    provenAt: clock(time),
    by,
    reason: 'as asked',
  });
  const verdict = (time: string, evidence: Evidence, answers: Answers): string => {
    const judged = judge(plan, evidence).verdict;
    add(time, 'verdict', {
      stage,
      scope: evidence.scope,
      outcome: judged.outcome,
      headline: judged.headline,
      evidenceDigest: judged.evidenceDigest,
      evidenceAt: evidence.at,
      findings: judged.findings,
      evidence: traceOf(evidence, answers),
    });
    return judged.evidenceDigest;
  };
  const evidenceOf = (scope: Evidence['scope'], at: string, samples: readonly Sample[]): Evidence => ({
    at,
    stage,
    percent: plan.stages[stage - 1]?.percent ?? 0,
    flippedAt,
    scope,
    flag: null,
    samples,
    smoke: [],
    streaks: {},
  });
  const samplesOf = (scope: Sample['scope'], time: string, said: Said): Sample[] =>
    Object.entries(said).map(([check, reading]) => ({
      check,
      scope,
      at: clock(time),
      windowMs: plan.checks[check]?.windowMs ?? 0,
      reading,
    }));
  const look = (time: string, said: Said, scope: Evidence['scope'] = 'watch'): string => {
    const samples = samplesOf(scope, time, said);
    const file = `samples/${String(texts.size + 1).padStart(3, '0')}.json`;
    const text = `${JSON.stringify({ samples, flag: null })}\n`;
    texts.set(file, text);
    return verdict(time, evidenceOf(scope, clock(time), samples), { kind: 'file', file, digest: textDigest(text) });
  };
  return {
    add,
    receipt,
    look,
    begin: (time: string, by: string): void => {
      const rollout = `rollout/${plan.flag.environment}/${plan.flag.key}`;
      add(time, 'started', { rollout, runId: 'run-1', plan: plan.name, planDigest: plan.digest, by });
      add(time, 'claim', { receipt: receipt(0, time) });
    },
    flip: (time: string): void => {
      stage += 1;
      flippedAt = clock(time);
      add(time, 'flip', { stage, receipt: receipt(plan.stages[stage - 1]?.percent ?? 0, time) });
    },
    /** Found by the guard, and confirmed. */
    breach: (time: string, said: readonly (readonly [time: string, said: Said])[]): void => {
      const samples = said.flatMap(([at, one]) => samplesOf('watch', at, one));
      const evidenceDigest = verdict(time, evidenceOf('watch', clock(time), samples), { kind: 'breach' });
      add(time, 'breach', { from: 'guard', stage, confirmed: true, evidenceDigest, samples });
    },
    loseFile: (file: string): boolean => texts.delete(file),
    pack: (): Pack => {
      const input = {
        plan,
        audit,
        result: resultIn(audit),
        rollout: String(audit[0]?.data['rollout']),
        runId: 'run-1',
      };
      return packOf(new Map([...Object.entries({ ...recordTexts(plan, audit), ...reportTexts(input) }), ...texts]));
    },
  };
}
