export function boundsOf(axis: {
  readonly values: readonly number[];
  readonly min?: number;
  readonly max?: number;
  readonly unit: string;
}): { readonly low: number; readonly high: number; readonly rows: readonly number[] };
