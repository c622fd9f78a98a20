/** The scripts of the page: the flag client's script tag, as it is installed, and what the page makes of it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Answer } from './answer.js';
import { pageScript } from './page-script.js';

const asScript = (body: string): Answer => ({
  status: 200,
  type: 'text/javascript; charset=utf-8',
  body,
  headers: { 'cache-control': 'no-cache' },
});

let client: string | null = null;

/** Looked for when it is asked for: who only measures the service needs no page. */
function readClient(): string {
  client ??= readFileSync(createRequire(import.meta.url).resolve('holdpoint/flags.script.js'), 'utf8');
  return client;
}

/** By `METHOD path`. */
export const pageFiles: ReadonlyMap<string, () => Answer> = new Map([
  ['GET /flags.script.js', () => asScript(readClient())],
  ['GET /page.js', () => asScript(pageScript)],
]);
