/** Runbooks with their made parts as they should be now. What people wrote around them stays. */
import type { Plan } from '../../core/plan.js';
import type { Catalogue } from '../catalogue.js';
import { alertBlocks, alertIndex } from './alert-block.js';
import { markedBlock, replaceBlock } from './marked-block.js';
import { commandsBlock, watchBlock } from './plan-blocks.js';

/** In this order in every runbook. */
export const runbookSections = [
  'Meaning',
  'Impact',
  'First look',
  'Decide',
  'Act',
  'Verify',
  'Escalate',
  'Owner',
] as const;

export const commandCenterPage = 'command-center.md';

export interface RunbookPage {
  /** From the folder of the runbooks. */
  readonly path: string;
  readonly text: string;
}

export type RunbookPages =
  | { readonly ok: true; readonly pages: readonly RunbookPage[] }
  /** A page without its marks. */
  | { readonly ok: false; readonly path: string; readonly block: string };

export interface Making {
  readonly catalogue: Catalogue;
  /** Null: the command center's page is left alone. */
  readonly plan: Plan | null;
  /** The page as it is; null when there is none. */
  readonly read: (path: string) => Promise<string | null>;
}

export async function runbookPages({ catalogue, plan, read }: Making): Promise<RunbookPages> {
  const pages: RunbookPage[] = [];
  for (const { alert, page: path, text } of alertBlocks(catalogue)) {
    const before = await read(path);
    const page = before === null ? freshPage(alert, text) : replaceBlock(before, 'queries', text);
    if (page === null) return { ok: false, path, block: 'queries' };
    pages.push({ path, text: page });
  }
  return plan === null ? { ok: true, pages } : withCommandCenter(pages, { catalogue, plan, read });
}

async function withCommandCenter(
  pages: readonly RunbookPage[],
  { catalogue, plan, read }: Making & { readonly plan: Plan },
): Promise<RunbookPages> {
  const blocks: readonly (readonly [name: string, text: string])[] = [
    ['watch', watchBlock(plan)],
    ['commands', commandsBlock(plan, catalogue.service)],
    ['alerts', alertIndex(catalogue)],
  ];
  let page = (await read(commandCenterPage)) ?? freshCommandCenter(blocks);
  for (const [name, text] of blocks) {
    const replaced = replaceBlock(page, name, text);
    if (replaced === null) return { ok: false, path: commandCenterPage, block: name };
    page = replaced;
  }
  return { ok: true, pages: [...pages, { path: commandCenterPage, text: page }] };
}

/** Sections to be filled in by whoever owns the alert. */
function freshPage(alert: string, block: string): string {
  const sections = runbookSections.map((name) =>
    name === 'First look'
      ? `## ${name}\n\n${markedBlock('queries', block)}`
      : `## ${name}\n\nNobody has written this yet.`,
  );
  return `# ${alert}\n\n${sections.join('\n\n')}\n`;
}

const freshCommandCenter = (blocks: readonly (readonly [name: string, text: string])[]): string =>
  `# Command center\n\n${blocks.map(([name, text]) => `## ${name}\n\n${markedBlock(name, text)}`).join('\n\n')}\n`;
