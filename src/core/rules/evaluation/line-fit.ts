export interface Point {
  readonly at: number;
  readonly value: number;
}

/** A straight line through points by least squares. */
interface LineFit {
  /** Per millisecond. */
  readonly slope: number;
  /** Where the line stands at a time. */
  valueAt(at: number): number;
  /** How much of the points' spread the line explains, from 0 to 1. */
  readonly r2: number;
}

/** Fits a line; `null` for fewer than two points, or points of one moment. */
export function fitLine(points: readonly Point[]): LineFit | null {
  const count = points.length;
  const meanAt = points.reduce((sum, { at }) => sum + at, 0) / count;
  const mean = points.reduce((sum, { value }) => sum + value, 0) / count;
  let [spreadAt, spread, common] = [0, 0, 0];
  for (const { at, value } of points) {
    spreadAt += (at - meanAt) ** 2;
    spread += (value - mean) ** 2;
    common += (at - meanAt) * (value - mean);
  }
  if (count < 2 || spreadAt === 0) return null;
  const slope = common / spreadAt;
  return {
    slope,
    valueAt: (at) => mean + slope * (at - meanAt),
    r2: spread === 0 ? 0 : common ** 2 / (spreadAt * spread),
  };
}
