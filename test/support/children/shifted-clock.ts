/** Loaded into a process before anything else: its clock is wrong by `HOLDPOINT_TEST_CLOCK_SHIFT_MS`, all the time. */
const shiftMs = Number(process.env['HOLDPOINT_TEST_CLOCK_SHIFT_MS'] ?? 0);
const RealDate = Date;

class ShiftedDate extends RealDate {
  constructor(...given: [] | [number | string | Date]) {
    if (given.length === 0) super(RealDate.now() + shiftMs);
    else super(...(given as [number]));
  }

  static override now(): number {
    return RealDate.now() + shiftMs;
  }
}

globalThis.Date = ShiftedDate as DateConstructor;
