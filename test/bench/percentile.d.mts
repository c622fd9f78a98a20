/** @param values - any order. @param share - 0 to 1. */
export function percentile(values: readonly number[], share: number): number;
