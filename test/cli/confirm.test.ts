/** Who is asked, who is refused, and who gives a command. */
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { confirm } from '../../src/cli/confirm.js';
import { whoAmI } from '../../src/cli/person.js';
import type { Terminal } from '../../src/cli/terminal.js';

function aTerminal(answer: string | null, env: Record<string, string> = {}) {
  const asked: string[] = [];
  const terminal: Terminal = {
    env,
    data: () => undefined,
    talk: () => undefined,
    talkStream: process.stderr,
    paint: pc.createColors(false),
    canAsk: answer !== null,
    isLive: false,
    ask: (question) => {
      asked.push(question);
      return Promise.resolve(answer ?? '');
    },
    stopSignal: () => new AbortController().signal,
  };
  return { terminal, asked };
}

describe('confirm', () => {
  it.each(['y', 'Y', 'yes', ' YES '])('%j is a yes', async (answer) => {
    const { terminal, asked } = aTerminal(answer);
    await confirm(terminal, 'Start?', {});
    expect(asked).toEqual(['Start? [y/N] ']);
  });

  it.each(['', 'n', 'no', 'yep', 'yesterday'])('%j is none, and nothing is done', async (answer) => {
    await expect(confirm(aTerminal(answer).terminal, 'Start?', {})).rejects.toMatchObject({ code: 8 });
  });

  it('nobody to ask is a refusal that says how, unless --yes was given', async () => {
    const { terminal, asked } = aTerminal(null);
    await expect(confirm(terminal, 'Start?', {})).rejects.toMatchObject({
      code: 2,
      message: expect.stringContaining('--yes') as string,
    });
    await confirm(terminal, 'Start?', { yes: true });
    expect(asked).toEqual([]);
  });
});

describe('who gives a command', () => {
  it('is who says so, then HOLDPOINT_USER, then the user of this machine', () => {
    const { terminal } = aTerminal(null, { HOLDPOINT_USER: 'sam' });
    expect(whoAmI(terminal, { by: ' dana ' })).toBe('dana');
    expect(whoAmI(terminal, {})).toBe('sam');
    expect(whoAmI(aTerminal(null).terminal, {})).not.toBe('');
  });

  it('is never nobody', () => {
    expect(() => whoAmI(aTerminal(null).terminal, { by: ' ' })).toThrow('--by NAME');
  });
});
