/** What a rollout answered to a message: on stdout when it was taken, as talk when it was refused. */
import type { MessageAnswer } from '../core/rollout-shapes.js';
import { exitCode, type ExitCode } from './exit-code.js';
import { plain } from './plain.js';
import type { Terminal } from './terminal.js';

export function sayMessageAnswer(
  terminal: Terminal,
  answer: MessageAnswer,
  { json }: { readonly json?: boolean },
): ExitCode {
  if (json === true) terminal.data(JSON.stringify(answer, null, 2));
  else if (answer.accepted) terminal.data(plain(answer.reason));
  else terminal.talk(plain(`Refused. ${answer.reason}`));
  return answer.accepted ? exitCode.done : exitCode.refused;
}
