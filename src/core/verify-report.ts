/** Whether the report says what the audit says. The audit decides; a report is only how people read it. */
import type { AuditEntry } from './audit.js';
import { packFiles, reportTexts, resultIn } from './pack-files.js';
import type { Pack, PackFinding } from './pack.js';
import { readMembers } from './person.js';
import type { Plan } from './plan.js';
import { buildReport, reportWording, type Report } from './report.js';
import type { BadEntry } from './read-audit.js';

interface ReportCheck {
  readonly findings: readonly PackFinding[];
  readonly notes: readonly string[];
}

const nothing: ReportCheck = { findings: [], notes: [] };

const finding = (file: string, problem: string): PackFinding => ({
  file,
  seq: null,
  problem,
  advice: 'Believe the audit, not this file. "holdpoint audit export" writes it anew from the audit.',
});

export function checkReport({ files }: Pack, entries: readonly AuditEntry[], bad: BadEntry | null): ReportCheck {
  const started = entries[0];
  const plan = planIn(files.get(packFiles.plan)?.text);
  if (bad !== null || started === undefined || plan === null) return nothing;
  const json = files.get(packFiles.report)?.text;
  const readable = files.get(packFiles.readableReport)?.text;
  const result = resultIn(entries);
  // Exports of an open rollout have no report yet.
  if (json === undefined && readable === undefined && result === null) return nothing;
  const { rollout, runId } = started.data;
  const input = { plan, audit: entries, result, rollout: String(rollout), runId: String(runId) };
  const wording = wordingOf(json);
  if (wording !== null && wording !== reportWording) return checkFacts(json ?? '', buildFacts(input), wording);
  const right = reportTexts(input);
  return {
    findings: [packFiles.report, packFiles.readableReport].flatMap((file) => {
      const text = files.get(file)?.text;
      if (text === right[file]) return [];
      return [finding(file, text === undefined ? 'is missing.' : 'does not say what the audit says.')];
    }),
    notes: [],
  };
}

function planIn(text: string | undefined): Plan | null {
  try {
    const plan = JSON.parse(text ?? '') as Plan;
    // Enough for a report; whether it is the right plan is not decided here.
    return typeof plan.flag.key === 'string' && Array.isArray(plan.stages) && typeof plan.policy === 'object'
      ? plan
      : null;
  } catch {
    return null;
  }
}

function wordingOf(json: string | undefined): unknown {
  try {
    return readMembers(JSON.parse(json ?? ''))['wording'] ?? null;
  } catch {
    return null;
  }
}

const buildFacts = (input: Parameters<typeof buildReport>[0]): Facts => factsOf(buildReport(input));

type Facts = Readonly<Record<string, string>>;

/** What does not depend on the wording: each member as text, of the timeline only what happened when. */
function factsOf(report: Partial<Report>): Facts {
  const { wording: _, timeline = [], ...facts } = report;
  const happened = Array.isArray(timeline)
    ? timeline.map((line) => [readMembers(line)['at'], readMembers(line)['kind']])
    : timeline;
  return Object.fromEntries(
    Object.entries({ ...facts, timeline: happened }).map(([name, value]) => [name, JSON.stringify(value)]),
  );
}

/** A report in the words of another version: what both of them say must be the same. */
function checkFacts(json: string, right: Facts, wording: unknown): ReportCheck {
  const found = factsOf(readMembers(JSON.parse(json)));
  const wrong = Object.keys(found).find((name) => Object.hasOwn(right, name) && right[name] !== found[name]);
  if (wrong !== undefined)
    return { findings: [finding(packFiles.report, `says another "${wrong}" than the audit.`)], notes: [] };
  return {
    findings: [],
    notes: [
      `The report is in the words of another version of Holdpoint (wording ${String(wording)}, here it is ${reportWording}). Its facts agree with the audit; its sentences and report.md were not compared.`,
    ],
  };
}
