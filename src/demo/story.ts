/** The story as it is told: one line for one thing that happened, coloured on a terminal, plain in a pipe. */
import type { Writable } from 'node:stream';
import type { Paint } from '../cli/terminal.js';

/** Who or what a line is about: the machine at work, good or bad news, a person's act, or a detail for the curious. */
export type Tone = 'machine' | 'good' | 'bad' | 'person' | 'detail';

export interface StoryLine {
  /** ISO instant. */
  readonly at: string;
  /** What the flag is at after this. */
  readonly percent: number;
  readonly tone: Tone;
  readonly text: string;
}

export interface Story {
  title(text: string): void;
  /** A paragraph between events. */
  say(text: string): void;
  /** A line as it is, for what people copy: addresses and commands. */
  show(text: string): void;
  tell(line: StoryLine): void;
  /** Belongs to the line before it. */
  add(text: string): void;
}

export interface StoryOptions {
  readonly out: Writable;
  readonly paint: Paint;
  /** Columns to wrap at; null: never. */
  readonly width: number | null;
}

const cells = 10;
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** Ten cells of which the given share is full, to an eighth of a cell. */
export function percentBar(percent: number): string {
  const filled = Math.round((percent / 100) * cells * 8);
  const full = Math.floor(filled / 8);
  const bar = '█'.repeat(full) + (eighths[filled % 8] ?? '');
  return bar.padEnd(cells, '·');
}

const indent = ' '.repeat('08:12:02  ██████████  100 %  '.length);

export function openStory({ out, paint, width }: StoryOptions): Story {
  const tones: Readonly<Record<Tone, (text: string) => string>> = {
    machine: (text) => text,
    good: paint.green,
    bad: (text) => paint.bold(paint.red(text)),
    person: paint.cyan,
    detail: paint.dim,
  };
  const write = (text: string): void => void out.write(`${text}\n`);
  const wrapped = (text: string, before: number): string[] => wrap(text, width === null ? null : width - before);
  return {
    title: (text) => write(`\n${paint.bold(text)}\n`),
    say: (text) => {
      for (const line of wrapped(text, 0)) write(line);
    },
    show: (text) => write(`  ${text}`),
    tell: ({ at, percent, tone, text }) => {
      const clock = paint.dim(at.slice(11, 19));
      const share = `${percentBar(percent)}  ${`${percent} %`.padStart(5)}`;
      const [first = '', ...rest] = wrapped(text, indent.length);
      write(`${clock}  ${percent === 0 ? paint.dim(share) : share}  ${tones[tone](first)}`);
      for (const line of rest) write(`${indent}${tones[tone](line)}`);
    },
    add: (text) => {
      for (const line of wrapped(text, indent.length)) write(`${indent}${paint.dim(line)}`);
    },
  };
}

/** At spaces; a word that is too long stays whole. */
function wrap(text: string, width: number | null): string[] {
  if (width === null) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > Math.max(30, width)) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
