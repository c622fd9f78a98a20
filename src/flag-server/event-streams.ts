/** Many listeners of one kind of event: each gets the newest at once and after each change, and a beat in between. */
import type { ServerResponse } from 'node:http';

export interface EventStreams {
  /** Takes the response over. False: there are too many, and nothing was answered. */
  add(response: ServerResponse): boolean;
  /** To everybody. */
  send(event: string): void;
  readonly count: () => number;
  /** Ends them all. */
  close(): void;
}

export interface StreamLimits {
  readonly mostStreams: number;
  readonly beatMs: number;
  /** A listener that takes nothing for this long is let go. */
  readonly stallMs: number;
}

export const streamLimits: StreamLimits = { mostStreams: 10_000, beatMs: 15_000, stallMs: 30_000 };

interface Listener {
  readonly response: ServerResponse;
  /** It came while the one before was still on its way. Only the newest waits: a slow listener costs one event, not many. */
  waiting: Buffer | null;
  stalled: NodeJS.Timeout | null;
}

const headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // What lies between must not buffer.
  'x-accel-buffering': 'no',
};

/** @param first - what whoever comes is told at once; null: nothing */
export function openEventStreams(first: () => string | null, limits: StreamLimits = streamLimits): EventStreams {
  const listeners = new Set<Listener>();
  const leave = (listener: Listener): void => {
    listeners.delete(listener);
    if (listener.stalled !== null) clearTimeout(listener.stalled);
  };
  const write = (listener: Listener, event: Buffer): void => {
    const { response } = listener;
    if (response.writableNeedDrain) {
      listener.waiting = event;
      return;
    }
    if (response.write(event)) return;
    listener.stalled ??= setTimeout(() => response.destroy(), limits.stallMs).unref();
    response.once('drain', () => drained(listener));
  };
  const drained = (listener: Listener): void => {
    if (listener.stalled !== null) clearTimeout(listener.stalled);
    const { waiting } = listener;
    Object.assign(listener, { stalled: null, waiting: null });
    if (waiting !== null) write(listener, waiting);
  };
  const beat = Buffer.from(': beat\n\n');
  const timer = setInterval(() => {
    for (const listener of listeners) if (!listener.response.writableNeedDrain) write(listener, beat);
  }, limits.beatMs).unref();

  return {
    add: (response) => {
      if (listeners.size >= limits.mostStreams) return false;
      response.writeHead(200, headers);
      const listener: Listener = { response, waiting: null, stalled: null };
      listeners.add(listener);
      response.once('close', () => leave(listener));
      // Somebody who went away in the middle of a write: 'close' follows.
      response.on('error', () => response.destroy());
      const event = first();
      write(listener, event === null ? beat : Buffer.from(event));
      return true;
    },
    send: (event) => {
      const bytes = Buffer.from(event);
      for (const listener of listeners) write(listener, bytes);
    },
    count: () => listeners.size,
    close: () => {
      clearInterval(timer);
      for (const { response } of listeners) response.end();
    },
  };
}
