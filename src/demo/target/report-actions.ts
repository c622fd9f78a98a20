/** What happens to a report when nothing is broken. */
import { emptyAnswer, jsonAnswer, refusal, type Answer } from './answer.js';
import { exportFormats, exportReport, isExportFormat } from './export-report.js';
import type { Report } from './reports.js';
import { findTemplate, templates } from './templates.js';
import type { UserRequest } from './user-request.js';

type OnReport = (report: Report, request: UserRequest) => Answer;

export function onReport(answer: OnReport): (request: UserRequest) => Answer {
  return (request) => {
    const report = request.reports.get(request.id);
    return report === undefined ? refusal(404, 'There is no such report.') : answer(report, request);
  };
}

const membersOf = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null ? { ...body } : {};

export function create({ body, reports, user }: UserRequest): Answer {
  const { templateId, title } = membersOf(body);
  const template = typeof templateId === 'string' ? findTemplate(templateId) : undefined;
  if (template === undefined) {
    return refusal(400, `Give a templateId: ${templates.map(({ id }) => id).join(', ')}.`);
  }
  const named = typeof title === 'string' && title.trim() !== '' ? title.trim().slice(0, 200) : template.title;
  return jsonAnswer(201, reports.create({ templateId: template.id, title: named, createdBy: user }));
}

export function autosave(report: Report, { body, reports }: UserRequest): Answer {
  const { text, version } = membersOf(body);
  if (typeof text !== 'string' || typeof version !== 'number') {
    return refusal(400, 'Give the text and the version it started from.');
  }
  if (report.state !== 'draft') return refusal(422, `The report is ${report.state}; nothing can be changed any more.`);
  if (version !== report.version) return conflict(report);
  const saved = { ...report, text, version: report.version + 1 };
  reports.replace(saved);
  return jsonAnswer(200, saved);
}

/** Another save came first: the caller takes the newer report and saves again. */
export const conflict = (report: Report | undefined): Answer =>
  jsonAnswer(409, { error: 'Another save came first; load the report again.', version: report?.version ?? null });

export const changeState =
  (from: Report['state'], to: Report['state']): OnReport =>
  (report, { reports }) => {
    if (report.state !== from) return refusal(422, `The report is ${report.state}; it must be ${from} for this.`);
    const changed = { ...report, state: to };
    reports.replace(changed);
    return jsonAnswer(200, changed);
  };

const types = { csv: 'text/csv', html: 'text/html', text: 'text/plain' } as const;

export function exportOne(report: Report, { query }: UserRequest): Answer {
  const format = query.get('format') ?? 'text';
  if (!isExportFormat(format)) return refusal(400, `Give a format: ${exportFormats.join(', ')}.`);
  return {
    status: 200,
    type: `${types[format]}; charset=utf-8`,
    body: exportReport(report, format),
    headers: { 'content-disposition': `attachment; filename="report.${format === 'text' ? 'txt' : format}"` },
  };
}

export const remove: OnReport = (report, { reports }) => {
  reports.remove(report.id);
  return emptyAnswer(204);
};
