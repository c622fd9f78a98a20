/** Whether a store that knows only steps of a percent can hold one, as far as doubles can tell. */
export const isMultiple = (percent: number, step: number): boolean =>
  Math.abs(percent / step - Math.round(percent / step)) < 1e-6;
