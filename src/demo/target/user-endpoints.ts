/** What users can do: every endpoint with its status, its knob and what counts it. */
import { emptyAnswer, jsonAnswer, type Answer } from './answer.js';
import type { RatioKnob } from './failure-knobs.js';
import { renderPage } from './page.js';
import { autosave, changeState, create, exportOne, onReport, remove } from './report-actions.js';
import type { CountedOperation } from './target-metrics.js';
import { templates } from './templates.js';
import type { UserRequest } from './user-request.js';

export interface UserEndpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `:id` where a report's id goes; the metrics' `endpoint` label. */
  readonly endpoint: string;
  /** Of a good answer. */
  readonly status: number;
  readonly operation: CountedOperation | null;
  readonly knob: RatioKnob | null;
  /** `ignored`: whatever a browser sends on its way out. */
  readonly body: 'json' | 'ignored';
  readonly answer: (request: UserRequest) => Answer;
}

const plain = { operation: null, knob: null, body: 'ignored', status: 200 } as const;
const oneReport = '/api/reports/:id';

export const userEndpoints: readonly UserEndpoint[] = [
  { ...plain, method: 'GET', endpoint: '/', answer: renderPage },
  { ...plain, method: 'GET', endpoint: '/api/templates', answer: () => jsonAnswer(200, { templates }) },
  { ...plain, method: 'POST', endpoint: '/api/reports', status: 201, body: 'json', answer: create },
  { ...plain, method: 'GET', endpoint: oneReport, answer: onReport((report) => jsonAnswer(200, report)) },
  {
    method: 'PUT',
    endpoint: oneReport,
    status: 200,
    operation: 'autosave',
    knob: 'autosaveFailureRatio',
    body: 'json',
    answer: onReport(autosave),
  },
  {
    ...plain,
    method: 'POST',
    endpoint: `${oneReport}/finalize`,
    operation: 'finalize',
    knob: 'finalizeFailureRatio',
    answer: onReport(changeState('draft', 'finalized')),
  },
  {
    ...plain,
    method: 'POST',
    endpoint: `${oneReport}/sign`,
    operation: 'sign',
    knob: 'finalizeFailureRatio',
    answer: onReport(changeState('finalized', 'signed')),
  },
  {
    ...plain,
    method: 'GET',
    endpoint: `${oneReport}/export`,
    operation: 'export',
    knob: 'exportFailureRatio',
    answer: onReport(exportOne),
  },
  {
    ...plain,
    method: 'DELETE',
    endpoint: oneReport,
    status: 204,
    answer: onReport(remove),
  },
  { ...plain, method: 'POST', endpoint: '/api/offline', status: 204, answer: () => emptyAnswer(204) },
];
