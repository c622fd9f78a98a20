/** A report in the formats people export. */
import type { Report } from './reports.js';

export const exportFormats = ['csv', 'html', 'text'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const isExportFormat = (value: unknown): value is ExportFormat =>
  exportFormats.some((format) => format === value);

export function exportReport(report: Report, format: ExportFormat): string {
  switch (format) {
    case 'csv':
      return `title,version,text\r\n${[report.title, String(report.version), report.text].map(csvCell).join(',')}\r\n`;
    case 'html':
      return `<h1>${escapeHtml(report.title)}</h1><p>${escapeHtml(report.text)}</p>`;
    case 'text':
      return `${report.title}\n\n${report.text}\n`;
  }
}

const csvCell = (text: string): string => `"${text.replaceAll('"', '""')}"`;

export function escapeHtml(text: string): string {
  const escapes: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}
