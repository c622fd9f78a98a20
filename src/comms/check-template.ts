/** Text of a template file → template, or every problem at once with line and column. */
import { LiquidError, type Liquid, type Template as LiquidTemplate, type Variable } from 'liquidjs';
import { checkDocument } from '../documents/check-document.js';
import { didYouMean } from '../documents/nearest-word.js';
import { sortProblems, type Problem } from '../documents/problem.js';
import { problemAt, type Place } from '../documents/read-document.js';
import { factNames, isFactName, type FactName } from './facts.js';
import { openLiquid } from './liquid.js';
import { fieldNames, isFieldName, type FieldName } from './template-fields.js';
import { templateSchema, type FrontMatter } from './template-schema.js';
import type { Template } from './template.js';

export type CheckedTemplate =
  { readonly ok: true; readonly template: Template } | { readonly ok: false; readonly problems: readonly Problem[] };

/** @param name - of the template; `file`: as messages shall name it. */
export function checkTemplate(
  text: string,
  { name, file }: { readonly name: string; readonly file: string },
): CheckedTemplate {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const end = lines.indexOf('---', 1);
  if (lines[0] !== '---' || end === -1)
    return refuse([
      problemAt(
        file,
        { line: 1, column: 1 },
        'has no front matter; begin it with a line ---, then title, moment, medium, audience and fields, then a line ---',
      ),
    ]);
  // Lines that are not its own are left empty, so that every place is the place in the file.
  const checked = checkDocument(`\n${lines.slice(1, end).join('\n')}\n`, file, templateSchema);
  if (!checked.ok) return refuse(checked.problems);
  const front = checked.value;
  const liquid = openLiquid(front.medium);
  const place = checked.locate(['subject']);
  const subject = front.subject === undefined ? null : parsePart(liquid, front.subject, { file, place });
  const body = parsePart(liquid, '\n'.repeat(end + 1) + lines.slice(end + 1).join('\n'), { file, place: null });
  const parts = [...(subject === null ? [] : [subject]), body];
  const problems = parts.flatMap((part) => part.problems);
  if (problems.length > 0) return refuse(problems);
  const used = parts.flatMap((part) => part.used);
  const found = [
    ...variableProblems(front, used, file),
    ...fieldProblems(front, used).map(({ path, message }) => problemAt(file, checked.locate(path), message)),
  ];
  if (found.length > 0) return refuse(found);
  const { title, moment, medium, audience } = front;
  const facts: Partial<Record<FactName, Place>> = {};
  for (const one of used) if (isFactName(one.name)) facts[one.name] ??= one.place;
  const fields = Object.fromEntries(Object.entries(front.fields).filter(([, given]) => given !== undefined));
  return {
    ok: true,
    template: {
      name,
      file,
      place: checked.locate(['medium']),
      title,
      moment,
      medium,
      audience,
      fields,
      facts,
      liquid,
      subject: subject?.parsed ?? null,
      body: body.parsed,
    },
  };
}

const refuse = (problems: readonly Problem[]): CheckedTemplate => ({ ok: false, problems: sortProblems(problems) });

interface Used {
  /** `rollout.percent` */
  readonly name: string;
  readonly place: Place;
}

interface Part {
  readonly parsed: LiquidTemplate[];
  readonly used: readonly Used[];
  readonly problems: readonly Problem[];
}

/** @param at - `place`: where everything in it stands; null: as Liquid counts. */
function parsePart(liquid: Liquid, text: string, at: { readonly file: string; readonly place: Place | null }): Part {
  try {
    const parsed = liquid.parse(text);
    const { globals } = liquid.analyzeSync(parsed, { partials: false });
    const used = Object.values(globals).flatMap((variables) =>
      variables.flatMap((variable) => {
        const { row, col } = variable.location;
        return [{ name: pathOf(variable), place: at.place ?? { line: row, column: col } }];
      }),
    );
    return { parsed, used, problems: [] };
  } catch (error) {
    if (!(error instanceof LiquidError)) throw error;
    const [line = 1, column = 1] = (error as { token?: { getPosition(): number[] } }).token?.getPosition() ?? [];
    const why = (error.message.split('\n')[0] ?? '').replace(/, line:\d+, col:\d+.*$/, '');
    const message = `this is no Liquid: ${why}; write fields as {{ IMPACT }}, and end what begins with {% if … %} or {% for … %}`;
    return { parsed: [], used: [], problems: [problemAt(at.file, at.place ?? { line, column }, message)] };
  }
}

/** `PREVENTION_STEPS.size` and `PREVENTION_STEPS[0]` ask for the field; a fact is asked for whole. */
function pathOf({ segments }: Variable): string {
  const [first = '', ...rest] = segments.map((part) => (typeof part === 'object' ? '[…]' : String(part)));
  return isFieldName(first) ? first : [first, ...rest].join('.');
}

function variableProblems({ fields }: FrontMatter, used: readonly Used[], file: string): Problem[] {
  return used.flatMap(({ name, place }) => {
    if (isFactName(name)) return [];
    if (isFieldName(name)) {
      if (fields[name] !== undefined) return [];
      return [
        problemAt(
          file,
          place,
          `${name} is not among the template's fields; add it to its front matter, such as fields: { ${name}: send }`,
        ),
      ];
    }
    const known = [...fieldNames, ...factNames];
    return [
      problemAt(
        file,
        place,
        `unknown field "${name}"; people fill in ${fieldNames.join(', ')}; Holdpoint fills in ${factNames.join(', ')}.${didYouMean(name, known)}`,
      ),
    ];
  });
}

interface Found {
  readonly path: readonly string[];
  readonly message: string;
}

function fieldProblems({ fields, medium, moment, subject }: FrontMatter, used: readonly Used[]): Found[] {
  const shown = new Set(used.map(({ name }) => name));
  const unused = (Object.keys(fields) as FieldName[]).filter((name) => fields[name] !== undefined && !shown.has(name));
  const wantsSubject = medium === 'email' || medium === 'status-page';
  const promises = moment === 'incident-initial' || moment === 'incident-update';
  return [
    ...unused.map((name) => ({
      path: ['fields', name],
      message: `fields.${name}: the text never shows {{ ${name} }}; write it in, or leave the field out`,
    })),
    ...(wantsSubject && subject === undefined
      ? [
          {
            path: ['medium'],
            message: `medium: ${medium} needs a subject; add one, such as subject: "Reports are back"`,
          },
        ]
      : []),
    ...(!wantsSubject && subject !== undefined
      ? [{ path: ['subject'], message: `subject: ${medium} has none; leave it out` }]
      : []),
    ...(promises && (!shown.has('NEXT_UPDATE_TIME') || fields.NEXT_UPDATE_TIME === 'optional')
      ? [
          {
            path: ['moment'],
            message: `moment: ${moment} has to say when readers hear more; write {{ NEXT_UPDATE_TIME }} into the text, and NEXT_UPDATE_TIME: send into fields`,
          },
        ]
      : []),
  ];
}
