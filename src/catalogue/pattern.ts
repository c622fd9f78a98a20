/** Regular expressions as Prometheus knows them (RE2): near enough to JavaScript's to find what a server would refuse. */

/** Null when nothing is found; else what is wrong, as the end of a sentence that begins with the pattern. */
export function patternProblem(pattern: string): string | null {
  // Quoted passages have rules of their own, and nobody writes them.
  if (pattern.includes('\\Q')) return null;
  if (/\(\?<?[=!]/.test(pattern)) return 'looks ahead or back, which Prometheus cannot';
  for (const [escape] of pattern.matchAll(/\\(?:[1-7][0-7]+|.)/gs))
    if (/^\\[A-Za-z1-9]$/.test(escape) && !/^\\[afnrtvdDsSwWbBAzpPx]$/.test(escape))
      return `has ${escape}, which Prometheus does not know`;
  if ([...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].some((repeat) => repeat.slice(1).some((n) => Number(n) > 1_000)))
    return 'repeats something more than 1,000 times';
  try {
    new RegExp(inJavaScript(pattern));
    return null;
  } catch (error) {
    const why = (error as Error).message.replace(/^.*: /s, '').toLowerCase();
    return `is no regular expression (${why})`;
  }
}

/** Named groups and flags are spelled otherwise there. */
const inJavaScript = (pattern: string): string =>
  pattern
    .replace(/\(\?P<\w+>/g, '(')
    .replace(/\(\?[imsU]+(-[imsU]+)?\)|\(\?-[imsU]+\)/g, '(?:)')
    .replace(/\(\?[imsU]*(-[imsU]+)?:/g, '(?:');
