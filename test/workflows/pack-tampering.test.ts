/** Packs as real rollouts wrote them, changed in every way we could think of: each is found, by the first bad entry. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry, AuditKind } from '../../src/core/audit.js';
import { verifyPack } from '../../src/core/verify-pack.js';
import type { Anchor, PackFinding } from '../../src/core/pack.js';
import { breachSignal } from '../../workflows/messages.js';
import { aGate, aPlan, aStage } from '../support/a-plan.js';
import { packOf, textsOf, type Texts } from '../support/archived-pack.js';
import { aWorld, failing } from '../support/a-world.js';
import { everyGo, goAt, runDay, type DayRecord } from '../support/run-day.js';
import { entriesOf, linesOf, rechained, withEntries, withFile, withLines, withoutFile } from '../support/tampering.js';
import { openTimeSkipping } from '../support/temporal-env.js';

const plan = aPlan({
  stages: [aStage(10, 4, aGate({ smoke: ['reporting'] })), aStage(100, 4, aGate({ smoke: ['reporting'] }))],
});

/** A day that was rolled back, and one that was completed. */
let back: DayRecord;
let done: DayRecord;
let texts: Texts;
let entries: readonly AuditEntry[];
beforeAll(async () => {
  const env = await openTimeSkipping();
  try {
    const world = aWorld();
    back = await runDay(env, {
      plan,
      world,
      people: async (day) => {
        await day.decide({ decision: 'go', by: 'sam', role: 'release-manager' });
        await goAt(day, 1);
        world.state.reading = () => failing;
        await day.pass('30m');
        const at = new Date(await day.env.currentTimeMs()).toISOString();
        const sample = { check: 'autosave-success', scope: 'watch', at, windowMs: 60_000, reading: failing } as const;
        await day.handle.signal(breachSignal, { samples: [sample] });
        await day.pass('30m');
      },
    });
    done = await runDay(env, { plan, world: aWorld(), people: everyGo(1, 2) });
  } finally {
    await env.teardown();
  }
  texts = textsOf(back.pack);
  entries = entriesOf(texts);
});

const none = { kind: 'none' } as const;
const headOf = (day: DayRecord): Anchor => ({ kind: 'head', head: day.result.auditHead, from: 'that was given' });

const verify = (changed: Texts, anchor: Anchor = none) => verifyPack(packOf(changed, back.pack.folder), anchor);

const auditFinding = (changed: Texts): PackFinding | undefined =>
  verify(changed).findings.find(({ file }) => file === 'audit.jsonl');

const text = (path: string): string => texts.get(path) ?? '';
const sampleFiles = (): string[] => [...texts.keys()].filter((path) => path.startsWith('samples/'));
const firstOf = (kind: AuditKind): AuditEntry => entries.find((entry) => entry.kind === kind)!;
/** The verdict that rests on a file. */
const restingOn = (file: string): AuditEntry =>
  entries.find(({ kind, data }) => kind === 'verdict' && JSON.stringify(data).includes(file))!;

it('as they were written they are whole, with the head from outside and without', () => {
  for (const day of [back, done]) {
    expect(verifyPack(day.pack, headOf(day))).toMatchObject({ whole: true, anchored: true, findings: [], notes: [] });
    expect(verifyPack(day.pack, none)).toMatchObject({ whole: true, anchored: false, findings: [] });
  }
  expect(new Set(entries.map(({ kind }) => kind)).size).toBeGreaterThan(9);
});

interface Edit {
  readonly at: number;
  readonly how: 'replace' | 'insert' | 'delete';
  readonly by: string;
}

const anEdit = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('replace' as const, 'insert' as const, 'delete' as const),
  by: fc.oneof(
    fc.constantFrom(' ', '\n', '\r', '"', '{', '}', '0', '\\', '\ufeff', '\u0000'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
});

/** One character of the text changed; the text itself when the edit changes nothing. */
function edited(from: string, { at, how, by }: Edit): string {
  const place = at % from.length;
  const kept = how === 'insert' ? place : place + 1;
  return `${from.slice(0, place)}${how === 'delete' ? '' : by}${from.slice(kept)}`;
}

/** Counting from 1, as entries do. */
function firstOtherLine(before: string, after: string): number {
  const lines = before.split('\n');
  const index = after.split('\n').findIndex((line, at) => line !== lines[at]);
  // Only the last line break is gone: the last line has no end.
  return index === -1 ? lines.length - 1 : index + 1;
}

describe('one character', () => {
  it('of the audit is found in the entry that it is in', () => {
    const audit = text('audit.jsonl');
    fc.assert(
      fc.property(anEdit, (edit) => {
        const changed = edited(audit, edit);
        fc.pre(changed !== audit);
        expect(auditFinding(withFile(texts, 'audit.jsonl', changed))?.seq).toBe(firstOtherLine(audit, changed));
      }),
      { numRuns: 200 },
    );
  });

  it('of a sample file is found with the verdict that rests on it', () => {
    fc.assert(
      fc.property(fc.nat(), anEdit, (which, edit) => {
        const file = sampleFiles()[which % sampleFiles().length]!;
        const changed = edited(text(file), edit);
        fc.pre(changed !== text(file));
        expect(verify(withFile(texts, file, changed)).findings).toEqual([
          expect.objectContaining({ file, seq: restingOn(file).seq }),
        ]);
      }),
    );
  });

  it.each(['plan.json', 'report.json', 'report.md'])('of %s is found', (file) => {
    fc.assert(
      fc.property(anEdit, (edit) => {
        const changed = edited(text(file), edit);
        fc.pre(changed !== text(file));
        const { findings, notes } = verify(withFile(texts, file, changed));
        // A report may say that it is in the words of another version. That is told.
        const found = findings.map((finding) => finding.file);
        if (!notes.some((note) => note.includes('in the words of another version'))) expect(found).toContain(file);
      }),
      { numRuns: 150 },
    );
  });
});

describe('whole lines', () => {
  const someLines = fc.tuple(fc.nat(), fc.nat());

  it.each<[string, (lines: readonly string[], a: number, b: number) => readonly string[]]>([
    ['deleted', (lines, a) => lines.toSpliced(a, 1)],
    ['doubled', (lines, a) => lines.toSpliced(a, 0, lines[a]!)],
    ['swapped', (lines, a, b) => lines.with(a, lines[b]!).with(b, lines[a]!)],
    ['moved', (lines, a, b) => lines.toSpliced(a, 1).toSpliced(b, 0, lines[a]!)],
    ['inserted from another rollout', (lines, a, b) => lines.toSpliced(a, 0, linesOf(textsOf(done.pack))[b % 20]!)],
    ['replaced by those of another rollout', (lines, a) => lines.with(a, linesOf(textsOf(done.pack))[a % 20]!)],
  ])('%s are found where it was done', (_, change) => {
    fc.assert(
      fc.property(someLines, ([a, b]) => {
        const lines = linesOf(texts);
        // The last line gone is a cut end: below.
        const changed = change(lines, a % (lines.length - 1), b % lines.length);
        fc.pre(changed.join('\n') !== lines.join('\n'));
        const first = changed.findIndex((line, at) => line !== lines[at]);
        const expected = (first === -1 ? lines.length : first) + 1;
        // Another rollout's first entry begins a chain like ours: it is the second that does not follow.
        expect(auditFinding(withLines(texts, changed))?.seq).toBe(
          changed[0] === linesOf(textsOf(done.pack))[0] ? 2 : expected,
        );
      }),
    );
  });
});

describe('by name', () => {
  const onLine = (seq: number, change: (line: string) => string) => (): Texts =>
    withLines(
      texts,
      linesOf(texts).map((line, index) => (index + 1 === seq ? change(line) : line)),
    );
  const onAudit = (change: (audit: string) => string) => (): Texts =>
    withFile(texts, 'audit.jsonl', change(text('audit.jsonl')));
  const deep = (line: string): string =>
    line.replace('"data":{', `"data":{"a":${'['.repeat(9_999)}${']'.repeat(9_999)},`);

  it.each<[string, () => Texts, number, string]>([
    ['an empty file', onAudit(() => ''), 1, 'is missing'],
    ['a torn last line', onAudit((audit) => audit.slice(0, -40)), -1, 'is not JSON, or cut off'],
    ['a last line without its line break', onAudit((audit) => audit.slice(0, -1)), -1, 'has no line break behind it'],
    ['a line of something else', onLine(3, () => 'hello'), 3, 'is not JSON'],
    ['JSON that is no entry', onLine(3, () => '[1]'), 3, 'does not have the six members'],
    ['a byte order mark', onAudit((audit) => `\ufeff${audit}`), 1, 'byte order mark'],
    ['line breaks of Windows', onAudit((audit) => audit.replaceAll('\n', '\r\n')), 1, 'carriage return'],
    ['an empty line', onLine(4, (line) => `\n${line}`), 4, 'is an empty line'],
    ['a member twice', onLine(4, (line) => line.replace('"data":{', '"data":{"stage":9,')), 4, 'is not spelled'],
    ['the same seq twice', onLine(4, (line) => line.replace('{"seq":4', '{"seq":5,"seq":4')), 4, 'is not spelled'],
    ['a member more', onLine(4, (line) => line.replace(/}$/, ',"note":"x"}')), 4, 'does not have the six members'],
    [
      'members in another order',
      onLine(4, (line) => line.replace(/"seq":4,("at":"[^"]*")/, '$1,"seq":4')),
      4,
      'is not spelled',
    ],
    ['a number spelled otherwise', onLine(4, (line) => line.replace('"seq":4', '"seq":4.0')), 4, 'is not spelled'],
    [
      '__proto__',
      onLine(4, (line) => line.replace('"data":{', '"data":{"__proto__":{"stage":1},')),
      4,
      'its content does not give its hash',
    ],
    ['nesting without end', onLine(4, deep), 4, 'is not spelled'],
    [
      'a huge line',
      onLine(4, (line) => line.replace('"data":{', `"data":{"a":"${'x'.repeat(5_000_000)}",`)),
      4,
      'its content does not give its hash',
    ],
    ['bytes that are no UTF-8', onLine(4, () => '\u0000'), 4, 'is not UTF-8 text'],
  ])('%s', (...[, changed, seq, problem]) => {
    const finding = auditFinding(changed());
    expect(finding?.problem).toContain(problem);
    expect(finding?.seq).toBe(seq === -1 ? entries.length : seq);
    expect(finding?.advice).toMatch(/\.$/);
  });
});

describe('somebody who makes the chain anew', () => {
  const edit = (seq: number, change: Partial<AuditEntry>) => (): Texts =>
    withEntries(
      texts,
      entries.map((entry) => (entry.seq === seq ? { ...entry, ...change } : entry)),
    );
  const without = (kind: AuditKind) => (): Texts =>
    withEntries(
      texts,
      entries.filter((entry) => entry.kind !== kind),
    );
  const verdictWith = (data: object) => (): Texts =>
    edit(firstOf('verdict').seq, { data: { ...firstOf('verdict').data, ...data } })();

  it.each<[string, () => Texts, string]>([
    ['a kind of a newer version', () => edit(5, { kind: 'amendment' as AuditKind })(), 'does not know'],
    ['a kind from the prototype', () => edit(5, { kind: 'toString' as AuditKind })(), 'does not know'],
    ['no beginning', () => withEntries(texts, entries.slice(1)), 'begins with "started"'],
    ['two beginnings', () => withEntries(texts, [entries[0]!, ...entries]), 'is a second "started"'],
    ['an instant that is none', () => edit(5, { at: 'noon' })(), 'which is none'],
    ['an instant in another spelling', () => edit(5, { at: '2099-12-01T08:00:00Z' })(), 'which is none'],
    ['time running backwards', () => edit(5, { at: '1999-12-01T08:00:00.000Z' })(), 'earlier than the entry before it'],
    ['a flip after the close', () => withEntries(texts, [...entries, firstOf('flip')]), 'earlier than the entry'],
    [
      'a flip after the close, in its time',
      () => withEntries(texts, [...entries, { ...firstOf('flip'), at: entries.at(-1)!.at }]),
      'after the rollout had closed',
    ],
    ['a second close', () => withEntries(texts, [...entries, entries.at(-1)!]), 'closed already'],
    ['no smoke runs', without('smoke'), 'that no entry before it has'],
    ['no breaches', without('breach'), 'that no entry after it has'],
    [
      'a verdict on other evidence',
      verdictWith({ evidenceDigest: `sha256:${'0'.repeat(64)}` }),
      'is a verdict on other evidence',
    ],
    [
      'a verdict at another time',
      verdictWith({ evidenceAt: '2026-12-01T08:00:00.000Z' }),
      'is a verdict on other evidence',
    ],
    ['a verdict that rests on nothing', verdictWith({ evidence: {} }), 'does not say where its samples are'],
    [
      'a verdict that rests on rubbish',
      verdictWith({ evidence: { answers: null, smoke: [null, 1] } }),
      'that no entry before it has',
    ],
    [
      'a verdict that rests on a file elsewhere',
      verdictWith({ evidence: { smoke: [], answers: { kind: 'file', file: '../../etc/passwd', digest: '' } } }),
      'is not in the pack',
    ],
    [
      'another plan',
      () => edit(1, { data: { ...entries[0]!.data, planDigest: `sha256:${'1'.repeat(64)}` } })(),
      'is another plan',
    ],
    [
      'another flag',
      () => edit(1, { data: { ...entries[0]!.data, rollout: 'rollout/production/another' } })(),
      'is for rollout/production/reporting-unified',
    ],
    [
      'another run',
      () => edit(1, { data: { ...entries[0]!.data, runId: done.pack.folder } })(),
      'but the folder is named after run',
    ],
    [
      'another outcome',
      () => edit(entries.length, { data: { ...entries.at(-1)!.data, outcome: 'completed' } })(),
      'does not say what the audit says',
    ],
  ])('%s', (_, changed, problem) => {
    const { whole, findings } = verify(changed());
    expect(whole).toBe(false);
    expect(findings.map((finding) => finding.problem).join('\n')).toContain(problem);
  });

  it("who left out a person's decision, and wrote everything anew, is found only by the head", () => {
    const forged = without('decision')();
    const forgedReport = withoutReports(forged);
    expect(verify(forgedReport, headOf(back)).findings.at(-1)?.problem).toContain('but the head that was given is');
    expect(verify(forgedReport).findings.map(({ file }) => file)).toEqual(['report.json', 'report.md']);
  });

  it('every kind of entry needs its members', () => {
    for (const entry of entries) {
      const { findings } = verify(edit(entry.seq, { data: {} })());
      expect(findings[0], entry.kind).toMatchObject({ file: 'audit.jsonl', seq: entry.seq });
      expect(findings[0]?.problem, entry.kind).toMatch(
        new RegExp(`is a ${entry.kind} (without a proper|that has neither)`),
      );
    }
  });
});

const withoutReports = (of: Texts): Texts => withoutFile(withoutFile(of, 'report.json'), 'report.md');

describe('whole packs of another time or rollout', () => {
  it('a cut end is found by the report, by the head, and without them it is told that it could be one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: entries.length - 1 }), (length) => {
        const cut = withEntries(texts, entries.slice(0, length));
        const [first] = verify(cut).findings;
        // Between a verdict and its breach the verdict shows it, too.
        expect(['report.json', 'audit.jsonl']).toContain(first?.file);
        const bare = withoutReports(cut);
        expect(verify(bare, headOf(back)).findings.at(-1)).toMatchObject({ file: 'audit.jsonl', seq: length });
        expect(verify(bare).notes.join(' ')).toContain('cut off, or this is an older copy');
      }),
    );
  });

  it('another run of the same flag is found by its folder, and by the head', () => {
    const other = textsOf(done.pack);
    expect(
      verify(other)
        .findings.map(({ problem }) => problem)
        .join(),
    ).toContain('the folder is named after run');
    expect(verifyPack(packOf(other, 'my-copy'), headOf(back)).findings[0]?.problem).toContain(
      'but the head that was given',
    );
  });

  it.each(['plan.json', 'report.json', 'report.md'])('its %s alone is missed', (file) => {
    expect(verify(withoutFile(texts, file)).findings).toMatchObject([{ file, problem: 'is missing.' }]);
  });

  it('the report of another rollout is found', () => {
    const other = withFile(texts, 'report.json', done.pack.files.get('report.json')?.text ?? '');
    expect(verify(other).findings).toMatchObject([{ file: 'report.json' }]);
  });

  it('a report in the words of another version is compared by its facts', () => {
    const other = text('report.json')
      .replace('"wording": 1', '"wording": 7')
      .replace('Started by dana.', 'dana began.');
    expect(verify(withFile(texts, 'report.json', other))).toMatchObject({ whole: true, findings: [] });
    const forged = other.replace('"by": "sam"', '"by": "eve"');
    expect(verify(withFile(texts, 'report.json', forged)).findings[0]?.problem).toBe(
      'says another "decisions" than the audit.',
    );
  });

  it('entries added behind the head are found; those a closed rollout still takes are told', () => {
    const at = entries.at(-1)!.at;
    const added = (kind: AuditKind, data: object): AuditEntry => ({ ...entries[0]!, at, kind, data: { ...data } });
    const late = withoutReports(withEntries(texts, [...entries, added('refusal', { message: 'go', why: 'closed' })]));
    expect(verify(late, headOf(back)).notes.join()).toContain(`Entry ${entries.length + 1} came after the head`);
    const reopened = withEntries(texts, [
      ...entries,
      added('rollback', { askedAt: at, written: false }),
      added('closed', { outcome: 'rolled-back', percent: 0, reason: 'x' }),
    ]);
    expect(verify(reopened, headOf(back)).findings.at(-1)).toMatchObject({ seq: entries.length + 1 });
    expect(rechained(entries).at(-1)?.hash).toBe(back.result.auditHead);
  });
});

describe('sample files', () => {
  it('a missing one is found with its verdict', () => {
    for (const file of sampleFiles()) {
      expect(verify(withoutFile(texts, file)).findings).toMatchObject([
        {
          file,
          seq: restingOn(file).seq,
          problem: `is not in the pack. The verdict of entry ${restingOn(file).seq} rests on it.`,
        },
      ]);
    }
  });

  it('two that changed places are found, both', () => {
    const [a = '', b = ''] = sampleFiles();
    const swapped = withFile(withFile(texts, a, text(b)), b, text(a));
    expect(verify(swapped).findings.map(({ file }) => file)).toEqual([a, b]);
  });

  it('one that no entry names proves nothing, and is told', () => {
    const more = verify(withFile(texts, 'samples/mine.json', '{}'));
    expect(more.whole).toBe(true);
    expect(more.notes.join()).toContain('named by no entry and proves nothing: samples/mine.json');
  });
});
