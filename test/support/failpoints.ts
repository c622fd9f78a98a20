/** Orders for failpoints: at which named point of a process which fault happens, written as one line of text. */

/** `<what>:<where>`, such as `flip:before-write`. The places of a flag write, in order, are `writePoints`. */
export type FailpointName = string;

/** Where a claim, a flip or a rollback can be hit. `before-result`: durable, and nobody was told. */
export const writePoints = [
  'before',
  'before-read',
  'before-write',
  'before-sync',
  'before-rename',
  'after-rename',
  'before-folder-sync',
  'before-log',
  'before-result',
] as const;

export type FaultAction =
  /** The process ends as by kill -9. */
  | { readonly kind: 'kill' }
  /** The process stands still until somebody sends SIGCONT. */
  | { readonly kind: 'stop' }
  /** A system call fails with this code. */
  | { readonly kind: 'fail'; readonly code: string }
  | { readonly kind: 'sleep'; readonly ms: number }
  /** For ever. */
  | { readonly kind: 'hang' }
  /** Until the process dies of it. */
  | { readonly kind: 'fill-memory' }
  /** No file can be opened for so long. */
  | { readonly kind: 'fill-files'; readonly ms: number };

export interface FaultOrder {
  readonly point: FailpointName;
  /** From the nth time on that the process comes there. */
  readonly from: number;
  /** So many times. */
  readonly times: number;
  readonly action: FaultAction;
}

const form =
  /^([a-z]+:[a-z-]+)(?:@(\d+))?(?:\*(\d+))?=(?:(kill|stop|hang|fill-memory)|(sleep|fill-files):(\d+)|fail:([A-Z]+))$/;

/** `flip:before-rename@2*3=fail:ENOSPC, rollback:before=sleep:500`: the second, third and fourth flip; every rollback. */
export function parseFaults(text: string): FaultOrder[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts.map((part) => {
    const [, point, from, times, bare, timed, ms, code] = form.exec(part) ?? [];
    if (point === undefined) throw new Error(`"${part}" is no failpoint; write flip:before-rename@2=fail:EIO`);
    return {
      point,
      from: Number(from ?? 1),
      times: times === undefined ? Number.POSITIVE_INFINITY : Number(times),
      action: actionOf({ bare, timed, ms, code }),
    };
  });
}

interface Spelled {
  readonly bare: string | undefined;
  readonly timed: string | undefined;
  readonly ms: string | undefined;
  readonly code: string | undefined;
}

function actionOf({ bare, timed, ms, code }: Spelled): FaultAction {
  if (timed !== undefined) return { kind: timed as 'sleep' | 'fill-files', ms: Number(ms) };
  if (code !== undefined) return { kind: 'fail', code };
  return { kind: bare as 'kill' | 'stop' | 'hang' | 'fill-memory' };
}

/** @param count - how often the process has been there, this time included. */
export const faultAt = (orders: readonly FaultOrder[], point: FailpointName, count: number): FaultAction | null =>
  orders.find((order) => order.point === point && count >= order.from && count < order.from + order.times)?.action ??
  null;
