/** What a pack says about what went wrong. It judges nobody and invents nothing; people add the rest. */
import { everybodyMinutes, exposedSpans, minutesBetween, type ExposedSpan } from './exposure.js';
import type { AuditEntry } from './audit.js';
import { harms, type Harm } from './harm.js';
import { packFiles, resultIn } from './pack-files.js';
import type { Pack, PackVerdict } from './pack.js';
import type { Plan } from './plan.js';
import { readAudit } from './read-audit.js';
import { buildReport, type Report } from './report.js';
import { responseTimes, type ResponseTimes } from './response-times.js';
import { seenSamples } from './seen-samples.js';
import { checkPlan } from './verify-plan.js';
import { verifyPack } from './verify-pack.js';

export interface Postmortem {
  readonly report: Report;
  readonly plan: Pick<Plan, 'name' | 'owner' | 'description' | 'digest'>;
  /** Roles that the plan asked. */
  readonly roles: readonly string[];
  readonly verdict: Pick<PackVerdict, 'whole' | 'findings' | 'gaps' | 'entries' | 'outcome'>;
  readonly exposure: {
    readonly spans: readonly ExposedSpan[];
    readonly everybodyMinutes: number;
    /** Of `everybodyMinutes`, those in which a check failed. */
    readonly whileFailing: number;
  };
  readonly harms: readonly Harm[];
  /** Verdicts whose samples are not in the pack. */
  readonly missingSamples: number;
  /** Null: there was no rollback. */
  readonly times: ResponseTimes | null;
  readonly circumstances: readonly Circumstance[];
}

/** Something besides the checks that may have had a part in it. */
export interface Circumstance {
  readonly at: string;
  readonly sentence: string;
  /** How often it was said, and when last. */
  readonly times: number;
  readonly until: string;
}

export type BuiltPostmortem =
  { readonly ok: true; readonly postmortem: Postmortem } | { readonly ok: false; readonly problem: string };

export function buildPostmortem(pack: Pack): BuiltPostmortem {
  const { entries: audit } = readAudit(pack.files.get(packFiles.audit)?.text ?? '');
  const plan = readPlan(pack.files.get(packFiles.plan)?.text);
  const [started] = audit;
  if (started === undefined) return { ok: false, problem: `its ${packFiles.audit} holds no good entry.` };
  // Numbers mean what the plan says they mean: with another plan nothing here would be true.
  const [wrong] = checkPlan(pack, started).filter(({ file }) => file === packFiles.plan);
  if (wrong !== undefined || plan === null)
    return { ok: false, problem: `its ${packFiles.plan} ${wrong?.problem ?? 'holds no plan.'}` };
  const { rollout, runId } = started.data;
  const report = buildReport({ plan, audit, result: resultIn(audit), rollout: String(rollout), runId: String(runId) });
  const { samples, missing } = seenSamples(plan, audit, pack.files);
  const spans = exposedSpans(audit);
  const failed = harms(plan, samples);
  const { whole, findings, gaps, entries, outcome } = verifyPack(pack, { kind: 'none' });
  return {
    ok: true,
    postmortem: {
      report,
      plan: { name: plan.name, owner: plan.owner, description: plan.description, digest: plan.digest },
      roles: rolesOf(plan),
      verdict: { whole, findings, gaps, entries, outcome },
      exposure: {
        spans,
        everybodyMinutes: everybodyMinutes(spans),
        whileFailing: minutesWhileFailing(spans, failed),
      },
      harms: failed,
      missingSamples: missing,
      times: report.rollback === null ? null : responseTimes(audit, samples, report.rollback),
      circumstances: together(audit.flatMap(circumstanceOf)),
    },
  };
}

function readPlan(text: string | undefined): Plan | null {
  try {
    const plan = JSON.parse(text ?? 'null') as Plan | null;
    return plan !== null && Array.isArray(plan.stages) && typeof plan.checks === 'object' ? plan : null;
  } catch {
    return null;
  }
}

function rolesOf({ preflight, stages }: Plan): string[] {
  const gates = [preflight, ...stages.map(({ gate }) => gate)];
  return [...new Set(gates.flatMap((gate) => (gate?.decision?.approvers ?? []).map(({ role }) => role)))];
}

/** From the first failing window to the last, of all checks together. */
function minutesWhileFailing(spans: readonly ExposedSpan[], failed: readonly Harm[]): number {
  const [from] = failed.map((one) => one.from).toSorted();
  const to = failed
    .map((one) => one.to)
    .toSorted()
    .at(-1);
  if (from === undefined || to === undefined) return 0;
  return spans.reduce((sum, span) => {
    const begin = span.from > from ? span.from : from;
    const end = span.to < to ? span.to : to;
    return sum + (span.percent / 100) * minutesBetween(begin, end);
  }, 0);
}

type Said = Pick<Circumstance, 'at' | 'sentence'>;

/** The same sentence once, however often a look had to say it. */
function together(said: readonly Said[]): Circumstance[] {
  const found = new Map<string, Circumstance>();
  for (const { at, sentence } of said) {
    const before = found.get(sentence);
    found.set(sentence, { at: before?.at ?? at, sentence, times: (before?.times ?? 0) + 1, until: at });
  }
  return [...found.values()];
}

function circumstanceOf({ at, kind, data }: AuditEntry): Said[] {
  const say = (sentence: string): Said[] => [{ at, sentence }];
  const text = (name: string): string => {
    const member = data[name] ?? '';
    return typeof member === 'string' ? member : JSON.stringify(member);
  };
  switch (kind) {
    case 'smoke':
      return data['outcome'] === 'passed' ? [] : say(`Smoke suite ${text('suite')} ${text('outcome')}.`);
    case 'verdict':
      return data['outcome'] === 'inconclusive' ? say(`Could not tell (${text('scope')}): ${text('headline')}`) : [];
    case 'drift':
      return say('The flag was not what was last proven: somebody else wrote it.');
    case 'deadline':
      return say(`The deadline of the ${text('of')} passed; the plan said: ${text('action')}.`);
    case 'lapse':
      return say(`Decisions lapsed: ${text('because')}`);
    case 'breach':
      return data['confirmed'] === true ? [] : say(`A breach was reported by the ${text('from')} and not confirmed.`);
    case 'refusal':
      return say(`${text('by') || 'Somebody'} tried ${text('message')}, refused: ${text('why')}`);
    case 'trouble':
      return say(
        `Trouble: ${[text('what'), text('channel'), text('kind'), text('detail')].filter((one) => one !== '').join(', ')}.`,
      );
    case 'message': {
      const steered = ['pause', 'resume', 'extend', 'skipHold', 'retryGate', 'withdraw'].includes(text('message'));
      return steered
        ? say(`${text('by')} sent ${text('message')}: ${text('reason') || text('why') || 'no reason given'}`)
        : [];
    }
    case 'started':
    case 'continued':
    case 'claim':
    case 'flip':
    case 'move':
    case 'probe':
    case 'decision':
    case 'rollback':
    case 'closed':
      return [];
  }
}
