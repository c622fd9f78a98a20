/** `holdpoint watch`: follow a rollout to its end; the exit code is its outcome. */
import type { Command } from 'commander';
import { formatInstant } from '../../core/instant.js';
import type { RolloutStatus } from '../../core/rollout-shapes.js';
import { codeOfEnd, follow } from '../follow.js';
import { durationMs, rolloutHelp, withReach } from '../options.js';
import { plain } from '../plain.js';
import type { Program } from '../program.js';
import { renderEnd } from '../render/end.js';
import { renderStatus } from '../render/status.js';
import { renderStatusLine, statusKey } from '../render/status-line.js';
import type { Terminal } from '../terminal.js';
import { withRollout, type ReachedRollout } from '../with-client.js';

interface WatchOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly timeout?: number;
}

export function addWatch({ terminal, ended }: Program, command: Command): void {
  withReach(command)
    .argument('[rollout]', rolloutHelp)
    .option('--timeout <duration>', 'stop following after this long (exit 6)', durationMs)
    .addHelpText('after', '\nOutside a terminal a pause ends it, too (exit 6): then only a person can go on.')
    .action(async (name: string | undefined, options: WatchOptions) => {
      await withRollout(terminal, { ...options, rollout: name }, async (reached) => {
        const { client, rollout } = reached;
        const live = terminal.isLive && options.json !== true;
        const screen = live ? await openScreen(terminal, reached) : openLines(terminal, options);
        const end = await follow(client, rollout, {
          onStatus: screen.show,
          onTrouble: screen.note,
          untilPaused: !live,
          timeoutMs: options.timeout ?? null,
          stop: terminal.stopSignal(),
        }).finally(screen.close);
        if (options.json !== true) {
          terminal.data(renderEnd(plain(end), plain(`${rollout.environment}/${rollout.flag}`), terminal.paint));
        }
        ended(codeOfEnd(end));
      });
    });
}

interface Screen {
  readonly show: (status: RolloutStatus) => Promise<void> | void;
  readonly note: (message: string) => void;
  readonly close: () => void;
}

/** One screen that changes in place. */
async function openScreen(terminal: Terminal, { client, rollout }: ReachedRollout): Promise<Screen> {
  const { default: logUpdate } = await import('log-update');
  let trouble = '';
  let lastClock = '';
  return {
    show: async (status) => {
      const why = await client.why(rollout).catch(() => ({ blockers: [] }));
      const view = { status, why, name: `${rollout.environment}/${rollout.flag}`, nowMs: Date.now() };
      trouble = '';
      const clock = formatInstant(Math.floor(view.nowMs / 1_000) * 1_000);
      // Frames that begin alike are patched in place, which goes wrong when their heights differ.
      if (clock === lastClock) logUpdate.clear();
      lastClock = clock;
      logUpdate(`${terminal.paint.dim(clock)}\n${renderStatus(plain(view), terminal.paint)}\n`);
    },
    note: (message) => {
      if (message === trouble) return;
      trouble = message;
      logUpdate.done();
      terminal.talk(plain(message));
    },
    close: () => logUpdate.done(),
  };
}

/** One line for each change. */
function openLines(terminal: Terminal, { json }: WatchOptions): Screen {
  let last = '';
  return {
    show: (status) => {
      const key = statusKey(status);
      if (key === last) return;
      last = key;
      terminal.data(json === true ? JSON.stringify(status) : renderStatusLine(plain(status), Date.now()));
    },
    note: (message) => terminal.talk(plain(message)),
    close: () => undefined,
  };
}
