/** A message as its readers will see it, with what the sender has to know around it. */
import type { Rendered } from '../../comms/render-template.js';
import type { Template } from '../../comms/template.js';
import { plain } from '../plain.js';
import type { Paint } from '../terminal.js';

export interface NoticeView {
  readonly template: Template;
  readonly rendered: Rendered;
  /** Short. */
  readonly digest: string;
}

export function renderNotice({ template, rendered, digest }: NoticeView, paint: Paint): string {
  const { name, audience, medium } = template;
  const { subject, text, missing } = rendered;
  const whom = audience === 'customers' ? paint.yellow('for customers') : 'for staff';
  return [
    `${paint.bold(name)}  ${whom}, ${medium}, text ${digest}`,
    '',
    ...(subject === null ? [] : [`Subject: ${plain(subject)}`, '']),
    ...text.split('\n').map((line) => plain(line)),
    ...(missing.length === 0 ? [] : ['', ...missing.map((one) => paint.yellow(plain(`Missing: ${one}`)))]),
  ].join('\n');
}
