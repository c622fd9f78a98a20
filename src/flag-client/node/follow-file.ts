/** Follows a document in a file through every way of replacing it: written in place, renamed over, deleted and restored, behind swapped links. */
import type { BigIntStats } from 'node:fs';
import { longestText } from '../flag-set.js';
import type { Sink } from '../hold-document.js';
import type { Follow } from '../open-flags.js';
import { watchFolders } from './watch-folders.js';

/** Not imported: that would make every application wait for the whole file system's module. */
const { readFile, realpath, stat } = process.getBuiltinModule('node:fs');
const path = process.getBuiltinModule('node:path');

/** Notifications make it fast; this is for what sends none: other machines' writes, links to links, replaced folders. */
const lookMs = 25;
/** Two writes within a file system's tick leave the same times: a file this young is read again. */
const youngMs = 100;
/** A network's file system may not answer at all. */
const answerMs = 5_000;
/** In bytes, of which a character has up to four: more than this is not even read. */
const largest = 4 * longestText;

export const followFile =
  (file: string): Follow =>
  (sink) => {
    const lookout = openLookout(file, sink);
    const timer = setInterval(lookout.look, lookMs);
    // Following alone keeps no process alive.
    timer.unref();
    lookout.look();
    return () => {
      clearInterval(timer);
      lookout.close();
    };
  };

function openLookout(file: string, sink: Sink) {
  const folders = watchFolders(() => look());
  let seen = '';
  /** When the question was put that is not answered yet. */
  let askedAt: number | null = null;
  let again = false;
  let closed = false;

  const done = (): void => {
    askedAt = null;
    if (again && !closed) look();
  };
  const fail = (error: NodeJS.ErrnoException): void => {
    seen = '';
    if (!closed) sink.say(`${file}: ${error.code === 'ENOENT' ? 'the file is not there' : error.message}`);
    done();
  };
  const read = (found: string): void => {
    readFile(file, 'utf8', (error, text) => {
      if (error !== null) return fail(error);
      seen = found;
      if (!closed) sink.take(text);
      done();
    });
  };
  /** Not blocking: a network's file system that hangs must not hang the application. */
  function look(): void {
    again = askedAt !== null;
    if (closed) return;
    if (askedAt !== null) {
      if (Date.now() - askedAt > answerMs) sink.say(`${file}: the file system does not answer`);
      return;
    }
    askedAt = Date.now();
    stat(file, { bigint: true }, (error, found) => {
      if (error !== null) return fail(error);
      const now = stamp(found);
      if (now === seen && !isYoung(found)) return done();
      if (found.size > largest) return fail(new Error(`${found.size} bytes are too many`));
      realpath(file, (_, real) => folders.are([path.dirname(file), path.dirname(real ?? file)]));
      read(now);
    });
  }

  return {
    look,
    close(): void {
      closed = true;
      folders.close();
    },
  };
}

const stamp = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string => [dev, ino, size, mtimeNs, ctimeNs].join();

const isYoung = ({ ctimeMs }: BigIntStats): boolean => Date.now() - Number(ctimeMs) < youngMs;
