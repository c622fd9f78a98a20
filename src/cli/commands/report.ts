/** `holdpoint report`: who decided what on which numbers, from the pack, or from the audit while it is open. */
import type { Command } from 'commander';
import { packPath } from '../../core/names.js';
import { renderReport } from '../../core/render-report.js';
import { buildReport, type Report } from '../../core/report.js';
import { findNewest } from '../find-newest.js';
import { rolloutHelp, withReach } from '../options.js';
import type { Program } from '../program.js';
import type { Terminal } from '../terminal.js';
import { withClient, type ReachedRollout } from '../with-client.js';

interface ReportOptions {
  readonly config?: string;
  readonly json?: boolean;
}

export function addReport({ terminal }: Program, command: Command): void {
  withReach(command)
    .argument('[rollout]', `${rolloutHelp}; with none open, the one that ended last`)
    .action((name: string | undefined, options: ReportOptions) =>
      withClient(terminal, options, async ({ client, config }) => {
        const rollout = await findNewest(client, name);
        const reached = { client, config, rollout };
        const report = (await readArchived(terminal, reached)) ?? (await buildFromAudit(reached));
        terminal.data(options.json === true ? JSON.stringify(report, null, 2) : renderReport(report).trimEnd());
      }),
    );
}

/** Null while the rollout is open, or when this machine does not see the worker's archive. */
async function readArchived(terminal: Terminal, { config, rollout }: ReachedRollout): Promise<Report | null> {
  if (rollout.open) return null;
  const { openAdapters } = await import('../../adapters/open.js');
  const { archive } = openAdapters(config, { env: terminal.env, talk: terminal.talkStream });
  const { environment, flag, runId } = rollout;
  const text = await archive.get(`${packPath(environment, flag, runId)}/report.json`).catch(() => null);
  return text === null ? null : (JSON.parse(text) as Report);
}

async function buildFromAudit({ client, rollout }: ReachedRollout): Promise<Report> {
  const [plan, audit] = await Promise.all([client.plan(rollout), client.audit(rollout)]);
  const result = rollout.open ? null : await client.result(rollout);
  return buildReport({ plan, audit, result, rollout: rollout.rollout, runId: rollout.runId });
}
