/** How the story looks: plain in a pipe, coloured and wrapped on a terminal. */
import { Writable } from 'node:stream';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { openStory, percentBar, type Story } from '../../src/demo/story.js';

interface Look {
  readonly isColourful: boolean;
  readonly width: number | null;
}

function written({ isColourful, width }: Look, tell: (story: Story) => void): string {
  let text = '';
  const out = new Writable({
    write: (chunk: Buffer, _, done) => {
      text += chunk.toString();
      done();
    },
  });
  tell(openStory({ out, paint: pc.createColors(isColourful), width }));
  return text;
}

const line = { at: '2026-12-01T08:00:05.123Z', percent: 25, tone: 'good', text: 'The flag is at 25 %.' } as const;

it.each([
  [0, '··········'],
  [10, '█·········'],
  [25, '██▌·······'],
  [50, '█████·····'],
  [99.9, '██████████'],
  [100, '██████████'],
])('shows %d percent as %s', (percent, bar) => {
  expect(percentBar(percent)).toBe(bar);
});

describe('a line', () => {
  it('has its clock, bar, percent and text, and nothing else in a pipe', () => {
    const text = written({ isColourful: false, width: null }, (story) => story.tell(line));
    expect(text).toBe('08:00:05  ██▌·······   25 %  The flag is at 25 %.\n');
  });

  it('is wrapped below its own text on a terminal, and what belongs to it stands there, too', () => {
    const text = written({ isColourful: false, width: 70 }, (story) => {
      story.tell({ ...line, text: 'One two three four five six seven eight nine ten eleven.' });
      story.add('More of it.');
    });
    expect(text.split('\n')).toEqual([
      '08:00:05  ██▌·······   25 %  One two three four five six seven eight',
      '                             nine ten eleven.',
      '                             More of it.',
      '',
    ]);
  });

  it('that people copy is never wrapped', () => {
    const command = `curl ${'x'.repeat(90)} -d '{"a": 1}'`;
    expect(written({ isColourful: false, width: 70 }, (story) => story.show(command))).toBe(`  ${command}\n`);
  });

  it('is coloured by its tone', () => {
    const text = written({ isColourful: true, width: null }, (story) => story.tell(line));
    expect(text).toContain('\u001b[32mThe flag is at 25 %.');
  });
});
