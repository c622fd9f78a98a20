/** A smoke suite's outcome as JUnit XML, for whatever shows test results: a case for each step. */
import type { SmokeOutcome, SmokeStep } from '../../core/smoke-outcome.js';

export function renderJunit({ suite, outcome, at, durationMs, steps, detail }: SmokeOutcome): string {
  const count = (wanted: SmokeStep['outcome']): number => steps.filter((step) => step.outcome === wanted).length;
  // A suite that could not be run has no step to be red, and must not look green.
  const error =
    outcome === 'unavailable' ? [testCase('suite', 0, `<error message="${attribute(detail ?? '')}"/>`)] : [];
  const counts = `tests="${steps.length + error.length}" failures="${count('failed')}" errors="${error.length}" skipped="${count('skipped')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="holdpoint smoke" ${counts} time="${seconds(durationMs)}">`,
    `  <testsuite name="${attribute(suite)}" ${counts} time="${seconds(durationMs)}" timestamp="${at}">`,
    ...steps.map((step) => testCase(step.id, step.durationMs, resultOf(step))),
    ...error,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');

  function testCase(name: string, ms: number, result: string): string {
    const opening = `    <testcase name="${attribute(name)}" classname="${attribute(suite)}" time="${seconds(ms)}"`;
    return result === '' ? `${opening}/>` : `${opening}>${result}</testcase>`;
  }
}

function resultOf({ outcome, detail = '' }: SmokeStep): string {
  if (outcome === 'passed') return '';
  return `<${outcome === 'failed' ? 'failure' : 'skipped'} message="${attribute(detail)}"/>`;
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(3);

const names: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** What XML 1.0 has no way to write, a service may still answer. */
const unwritable = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const attribute = (text: string): string =>
  text
    .replace(unwritable, '\u{FFFD}')
    .replace(/[&<>"']/g, (sign) => names[sign] ?? '')
    .replace(/[\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
