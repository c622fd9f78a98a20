/** One line of the doctor: what was looked at, what was seen, and what to do. */

export interface DoctorLine {
  readonly about: string;
  readonly level: 'ok' | 'warn' | 'fail';
  readonly saw: string;
  /** With a command where there is one; null: nothing, or what was seen says it. */
  readonly todo: string | null;
  /** Of a `fail`: `unreachable`: Temporal, its workers or the metrics source; `wrong`: something that somebody must mend. */
  readonly cause: 'unreachable' | 'wrong' | null;
}

export const ok = (about: string, saw: string): DoctorLine => ({ about, level: 'ok', saw, todo: null, cause: null });

export const warn = (about: string, saw: string, todo: string | null): DoctorLine => ({
  about,
  level: 'warn',
  saw,
  todo,
  cause: null,
});

export const wrong = (about: string, saw: string, todo: string | null): DoctorLine => ({
  about,
  level: 'fail',
  saw,
  todo,
  cause: 'wrong',
});

export const unreachable = (about: string, saw: string, todo: string | null): DoctorLine => ({
  about,
  level: 'fail',
  saw,
  todo,
  cause: 'unreachable',
});
