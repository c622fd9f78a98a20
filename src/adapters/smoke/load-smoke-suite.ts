/** From a suite's file to a checked suite, with every problem at once. */
import { checkDocument } from '../../documents/check-document.js';
import type { Problem } from '../../documents/problem.js';
import { readText } from '../../documents/read-text.js';
import { placeholdersIn, type Json } from './placeholders.js';
import { smokeSuiteSchema, type SmokeSuite, type SuiteStep } from './smoke-suite.js';

export type LoadedSuite =
  { readonly ok: true; readonly suite: SmokeSuite } | { readonly ok: false; readonly problems: readonly Problem[] };

/** @param path - of the YAML or JSON file. */
export async function loadSmokeSuite(path: string): Promise<LoadedSuite> {
  const read = await readText(path, 'correct its path under "smoke" in the configuration');
  return read.ok ? checkSmokeSuite(read.text, path) : read;
}

export function checkSmokeSuite(text: string, file: string): LoadedSuite {
  const checked = checkDocument(text, file, smokeSuiteSchema);
  if (!checked.ok) return checked;
  const { steps } = checked.value;
  const problems = [...findRepeatedIds(steps), ...findUnsaved(steps)].map(({ path, message }) => ({
    file,
    ...checked.locate(path),
    message,
    severity: 'error' as const,
  }));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, suite: checked.value };
}

interface Found {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function findRepeatedIds(steps: readonly SuiteStep[]): Found[] {
  return steps.flatMap(({ id }, index) =>
    steps.findIndex((step) => step.id === id) === index
      ? []
      : [
          {
            path: ['steps', index, 'id'],
            message: `the id "${id}" is taken by an earlier step; give this one its own`,
          },
        ],
  );
}

function findUnsaved(steps: readonly SuiteStep[]): Found[] {
  const saved = new Set<string>(['run.id']);
  const found: Found[] = [];
  for (const [index, { request, expect, save }] of steps.entries()) {
    const used = placeholdersIn([
      request.path,
      request.headers,
      request.body ?? null,
      expect.json ?? null,
      expect.text ?? null,
    ] as Json);
    for (const name of new Set(used.filter((one) => !saved.has(one)))) {
      const known = [...saved].map((one) => `\${${one}}`).join(', ');
      found.push({
        path: ['steps', index],
        message: `no earlier step saves "\${${name}}"; known here are ${known}. An earlier step needs save: { ${name.replace('saved.', '')}: /json/pointer }`,
      });
    }
    for (const name of Object.keys(save)) saved.add(`saved.${name}`);
  }
  return found;
}
