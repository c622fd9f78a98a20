/** When it began, was noticed, asked for, written and proven: only what the pack holds. */
import type { AuditEntry } from './audit.js';
import { windowStart } from './harm.js';
import type { ReportRollback } from './report.js';
import type { SeenSample } from './seen-samples.js';

export interface ResponseTimes {
  /** Begin of the first failing window of those that led there. Null: no failing window before it is in the pack. */
  readonly beganAt: string | null;
  /** The check that failed there. */
  readonly check: string | null;
  readonly noticedAt: string | null;
  /** `guard`, `look`, `outside`, or a person's name. */
  readonly noticedBy: string | null;
  readonly askedAt: string;
  readonly writtenAt: string | null;
  readonly provenAt: string | null;
}

export function responseTimes(
  audit: readonly AuditEntry[],
  samples: readonly SeenSample[],
  rollback: ReportRollback,
): ResponseTimes {
  const before = audit.filter(({ at, kind }) => at <= rollback.askedAt && kind !== 'rollback');
  const breach = before.findLast(({ kind, data }) => kind === 'breach' && data['confirmed'] === true);
  const asked = before.findLast(({ kind, data }) => kind === 'message' && data['message'] === 'rollback');
  const failed = before.findLast(({ kind, data }) => kind === 'verdict' && data['outcome'] === 'fail');
  const first = firstOfRun(samples.filter(({ sample }) => sample.at <= rollback.askedAt));
  // A person who asks has noticed it then, at the latest; a breach speaks for itself.
  const byRollout = breach ?? (asked === undefined ? failed : undefined);
  const noticed = byRollout ?? asked ?? null;
  return {
    beganAt: first === null ? null : windowStart(first),
    check: first?.sample.check ?? null,
    noticedAt: noticed?.at ?? null,
    noticedBy: noticed === null ? null : whoNoticed(noticed),
    askedAt: rollback.askedAt,
    writtenAt: rollback.writtenAt,
    provenAt: rollback.provenAt,
  };
}

function whoNoticed({ kind, data }: AuditEntry): string {
  if (kind === 'breach') return `the ${String(data['from'])}`;
  return kind === 'verdict' ? `the ${data['scope'] === 'gate' ? 'gate' : 'look'}` : String(data['by']);
}

/** The earliest failing window with nothing but failing ones behind it, of the check that failed longest. */
function firstOfRun(samples: readonly SeenSample[]): SeenSample | null {
  const runs = new Map<string, SeenSample | null>();
  for (const one of samples) {
    const { check, scope } = one.sample;
    const { outcome, severity } = one.finding;
    if (scope !== 'watch' || (severity !== 'rollback' && severity !== 'block')) continue;
    if (outcome === 'fail') runs.set(check, runs.get(check) ?? one);
    else if (outcome === 'pass') runs.set(check, null);
  }
  const open = [...runs.values()].filter((one) => one !== null);
  return open.toSorted((a, b) => windowStart(a).localeCompare(windowStart(b)))[0] ?? null;
}
