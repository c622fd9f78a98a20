/** Every message a rollout takes. Handlers only change state; the story acts on it. */
import {
  ApplicationFailure,
  currentUpdateInfo,
  defineUpdate,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  setHandler,
} from '@temporalio/workflow';
import type { MessageAnswer } from '../src/core/rollout-shapes.js';
import { entriesIn } from '../src/core/audit-lines.js';
import { readMembers, readName, readText } from '../src/core/person.js';
import type { Sample } from '../src/core/sample.js';
import { decide, readDecision } from './deciding.js';
import { attest, withdraw } from './attesting.js';
import type { Message } from './answering.js';
import { extend, pause, resume, retryGate, skipHold } from './steering.js';
import {
  attestUpdate,
  auditQuery,
  breachSignal,
  decideUpdate,
  extendUpdate,
  goSignal,
  noGoSignal,
  pauseUpdate,
  requestRollbackUpdate,
  resumeUpdate,
  retryGateUpdate,
  rollbackSignal,
  skipHoldUpdate,
  statusQuery,
  whyQuery,
  withdrawUpdate,
} from './messages.js';
import { interrupt, noteBreach } from './guarding.js';
import { present } from './present.js';
import { askRollback, receiptOf } from './rollback.js';
import { record } from './recording.js';
import { isClosing, recordRefusal, type Run } from './run.js';
import { statusOf, whyOf } from './view.js';

/** In the order in which Temporal's dialogs offer them. Each description ends with what may be pasted as data. */
export function registerHandlers(run: Run): void {
  registerRollback(run);
  registerDecisions(run);
  registerSteering(run);
  registerBreach(run);
  registerQueries(run);
  registerUnknown(run);
}

export function registerUnknown(run: Run): void {
  setDefaultSignalHandler((name, ...args) => {
    recordRefusal(run, name, { why: 'no such signal', got: excerpt(args[0]) });
    present(run);
  });
  setDefaultUpdateHandler((name, ...args) => {
    recordRefusal(run, name, { why: 'no such update', got: excerpt(args[0]) });
    present(run);
    return Promise.resolve({ accepted: false, reason: `There is no message ${name}.` });
  });
}

/** Those that changed something: a refusal said twice does no harm. */
const answersKept = 200;

/**
 * The details card shows what a message changed, or why it was refused, without waiting for the story's next step.
 * A message repeated after the history was continued gets its first answer: the server knows it only within one run.
 */
function answered<Answer extends MessageAnswer>(run: Run, act: () => Answer): Answer {
  const id = currentUpdateInfo()?.id ?? '';
  const earlier = run.answers.find((one) => one.id === id);
  if (earlier !== undefined) return earlier.answer as Answer;
  const answer = act();
  if (answer.accepted) run.answers = [...run.answers.slice(1 - answersKept), { id, answer }];
  present(run);
  return answer;
}

/** Junk is recorded, but not at any length. */
const excerpt = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 300);

/** @param unsaid - who and why, for a message that does not say. */
export function registerRollback(run: Run, unsaid = { by: 'somebody', reason: 'no reason given' }): void {
  const take = (message: unknown): void => {
    const members = readMembers(message);
    const by = readName(members['by']) ?? unsaid.by;
    const reason = readText(members['reason']) ?? unsaid.reason;
    record(run, 'message', { message: 'rollback', by, reason, late: isClosing(run) });
    askRollback(run, { by, reason, asked: 'person' });
  };
  setHandler(rollbackSignal, take, {
    description:
      'Take the flag back to 0 % now, in every state. Data may be left out: {"by": "your name", "reason": "why"}',
  });
  setHandler(
    requestRollbackUpdate,
    async (message) => {
      take(message);
      return receiptOf(run);
    },
    {
      description:
        'Take the flag back to 0 % now, and get the receipt as the answer. Data may be left out: {"by": "your name", "reason": "why"}',
    },
  );
}

function registerBreach(run: Run): void {
  setHandler(
    breachSignal,
    (message) => {
      const { samples } = readMembers(message);
      if (isClosing(run) || run.stage === 0 || !Array.isArray(samples) || !samples.every(isSample)) {
        recordRefusal(run, 'breach', { why: 'no samples, or nothing to judge now', got: excerpt(message) });
        present(run);
        return;
      }
      noteBreach(run, 'outside', samples);
      interrupt(run);
    },
    {
      description:
        'For programs: samples from outside, judged like the guard\'s: {"samples": [{"check": "its name", "scope": "watch", "at": "2026-12-01T12:00:00Z", "windowMs": 60000, "reading": {"kind": "value", "value": 0.5}}]}',
    },
  );
}

function isSample(value: unknown): value is Sample {
  const { check, scope, at, windowMs, reading } = readMembers(value);
  const { kind, value: number } = readMembers(reading);
  return (
    typeof check === 'string' &&
    scope === 'watch' &&
    typeof at === 'string' &&
    Number.isFinite(Date.parse(at)) &&
    typeof windowMs === 'number' &&
    kind === 'value' &&
    typeof number === 'number'
  );
}

function registerDecisions(run: Run): void {
  setHandler(decideUpdate, (message) => answered(run, () => decide(run, 'decide', readDecision(message))), {
    description:
      'Like go and noGo; programs get an answer, here the details card says whether it counts: {"decision": "go", "by": "your name", "role": "sre", "stage": 2}',
    validator: (message) => {
      if (readDecision(message) === null) {
        throw ApplicationFailure.nonRetryable(
          'A decision needs {"decision": "go" or "no-go", "by": "your name"}, and usually "role" and "stage".',
          'MalformedMessage',
        );
      }
    },
  });
  const signal = (decision: 'go' | 'no-go', name: string) => (message: unknown) => {
    const request = readDecision({ ...readMembers(message), decision });
    if (request === null) recordRefusal(run, name, { why: 'it names nobody in "by"', got: excerpt(message) });
    else decide(run, name, request);
    present(run);
  };
  setHandler(goSignal, signal('go', 'go'), {
    description:
      'Say go at the hold point. Ready to copy under User Metadata: {"by": "your name", "role": "sre", "stage": 2}',
  });
  setHandler(noGoSignal, signal('no-go', 'noGo'), {
    description: 'Say no-go at the hold point: {"by": "your name", "role": "sre", "stage": 2, "reason": "why"}',
  });
}

interface Steering {
  readonly name: string;
  readonly act: (run: Run, message: Message) => MessageAnswer;
  readonly needs: readonly string[];
  readonly description: string;
}

/** In the order in which Temporal's dialogs offer them. */
const steering: readonly Steering[] = [
  {
    name: attestUpdate.name,
    act: attest,
    needs: ['item', 'by'],
    description: 'Say that a checklist item is done: {"item": "its id", "by": "your name"}',
  },
  {
    name: withdrawUpdate.name,
    act: withdraw,
    needs: ['by'],
    description:
      'Take your own go or no-go back, or with "item" your attestation: {"by": "your name", "reason": "why"}',
  },
  {
    name: pauseUpdate.name,
    act: pause,
    needs: ['by', 'reason'],
    description: 'Stop moves up. Hold clock, watch and deadline go on: {"by": "your name", "reason": "why"}',
  },
  {
    name: resumeUpdate.name,
    act: resume,
    needs: ['by', 'reason'],
    description:
      'End a pause; write a flag that somebody changed back to where it was: {"by": "your name", "reason": "why"}',
  },
  {
    name: extendUpdate.name,
    act: extend,
    needs: ['by', 'reason', 'for'],
    description:
      'Give what it waits for more time; "of" may name hold, decision or plan: {"by": "your name", "reason": "why", "for": "2h"}',
  },
  {
    name: skipHoldUpdate.name,
    act: skipHold,
    needs: ['by', 'reason'],
    description: 'End the hold now; its gate and its decision are still needed: {"by": "your name", "reason": "why"}',
  },
  {
    name: retryGateUpdate.name,
    act: retryGate,
    needs: ['by', 'reason'],
    description: 'Look again now at an open gate, smoke suites included: {"by": "your name", "reason": "why"}',
  },
];

function registerSteering(run: Run): void {
  for (const { name, act, needs, description } of steering) {
    setHandler(
      defineUpdate<MessageAnswer, [unknown]>(name),
      (message) => answered(run, () => act(run, { name, members: readMembers(message) })),
      {
        description,
        validator: (message) => {
          const missing = needs.filter((key) => readText(readMembers(message)[key]) === null);
          if (missing.length === 0) return;
          const what = missing.map((key) => `"${key}"`).join(' and ');
          throw ApplicationFailure.nonRetryable(`The message ${name} needs ${what}.`, 'MalformedMessage');
        },
      },
    );
  }
}

export function registerQueries(run: Run): void {
  setHandler(statusQuery, () => statusOf(run), { description: 'Stage, percent, verdict, who is asked, what is next' });
  setHandler(whyQuery, () => whyOf(run), { description: 'Everything that stands between now and the next percent' });
  setHandler(auditQuery, () => entriesIn(run.audit.lines), { description: 'The hash-chained list of what happened' });
}
