/** A scale from 0 to a round top. */
export interface Scale {
  readonly top: number;
  readonly write: (value: number) => string;
}

const ROUND = [1, 2, 4, 6, 8, 10];

/** The scale that has room for the values and for `least`; its top is round in powers of `base`: 1024 for bytes. */
export function scaleFor(
  values: Iterable<number | null>,
  { write, least, base = 10 }: { readonly write: Scale['write']; readonly least: number; readonly base?: number },
): Scale {
  let most = least;
  for (const value of values) most = Math.max(most, value ?? 0);
  const unit = base ** Math.floor(Math.log(most) / Math.log(base) + ROUNDING);
  const ten = 10 ** Math.floor(Math.log10(most / unit) + ROUNDING);
  const round = ROUND.find((each) => each * ten * unit >= most * (1 - ROUNDING)) ?? 10;
  return { top: round * ten * unit, write };
}

/** Far below what can be seen, far above what floating point adds. */
const ROUNDING = 1e-9;

export const CHART_HEIGHT = 100;
/** What is there at all is seen. */
const LEAST_HEIGHT = 1.5;

/** How far below the top of a chart a value lies, of {@link CHART_HEIGHT}. */
export function heightOf({ top }: Scale, value: number | null): number | null {
  if (value === null) return null;
  const height = value <= 0 ? 0 : Math.max(LEAST_HEIGHT, CHART_HEIGHT * Math.min(1, value / top));
  return Math.round((CHART_HEIGHT - height) * 10) / 10;
}
