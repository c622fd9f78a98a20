/** A report as Markdown. */
import { formatDuration } from './duration.js';
import { formatInstant } from './instant.js';
import { markdownTable } from './markdown-table.js';
import type { Report } from './report.js';

export function renderReport(report: Report): string {
  return `${[
    `# ${report.plan}: ${report.outcome} at ${report.percent} %`,
    '',
    report.reason,
    '',
    `- Flag: \`${report.flag.environment}/${report.flag.key}\``,
    `- Rollout: \`${report.rollout}\`, run \`${report.runId}\``,
    `- Started by ${report.startedBy} at ${at(report.startedAt)}, ended ${at(report.endedAt)}`,
    `- Plan: \`${report.planDigest}\``,
    `- Audit head: \`${report.auditHead}\``,
    ...rollbackLines(report),
    ...table('Stages', ['Stage', 'Percent', 'Entered', 'Left', 'Planned hold', 'Beyond the hold'], stageRows(report)),
    ...table('Decisions', ['When', 'Stage', 'Who', 'As', 'Decision', 'On', 'Reason'], decisionRows(report)),
    ...table('Refused attempts', ['When', 'Message', 'Who', 'Why'], refusalRows(report)),
    ...table(
      'Timeline (UTC)',
      ['When', 'What'],
      report.timeline.map((line) => [at(line.at), line.sentence]),
    ),
  ].join('\n')}\n`;
}

const at = (instant: string | null): string => (instant === null ? '–' : formatInstant(instant));

const ms = (value: number | null): string => (value === null ? '–' : formatDuration(value));

function rollbackLines({ rollback }: Report): string[] {
  if (rollback === null) return [];
  const asked = `- Asked ${at(rollback.askedAt)} by ${rollback.by}${rollback.reason === '' ? '' : `: ${rollback.reason}`}`;
  if (rollback.unwritten !== null) return ['', '## Rollback', '', asked, `- Not written: ${rollback.unwritten}`];
  const objective = rollback.objectiveMet === null ? 'not proven' : rollback.objectiveMet ? 'met' : 'missed';
  return [
    '',
    '## Rollback',
    '',
    asked,
    `- Asked → written ${ms(rollback.askedToWrittenMs)}, asked → proven ${ms(rollback.askedToProvenMs)}`,
    `- Objective ${ms(rollback.objectiveMs)}: ${objective}`,
  ];
}

const stageRows = (report: Report): string[][] =>
  report.stages.map((stage) => [
    String(stage.stage),
    `${stage.percent} %`,
    at(stage.enteredAt),
    at(stage.leftAt),
    ms(stage.plannedHoldMs),
    ms(stage.beyondHoldMs),
  ]);

const decisionRows = (report: Report): string[][] =>
  report.decisions.map((decision) => [
    at(decision.at),
    String(decision.stage),
    decision.by,
    decision.role,
    decision.decision,
    decision.headline ?? decision.evidenceDigest,
    decision.reason ?? '',
  ]);

const refusalRows = (report: Report): string[][] =>
  report.refusals.map((refusal) => [at(refusal.at), refusal.message, refusal.by, refusal.why]);

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ['', `## ${title}`, '', ...markdownTable(head, rows)];
}
