import type { Point } from './line-fit.ts';

/** What grows by less than this part of what its line says stands still. */
const STANDS_STILL = 0.25;
/** Steps between samples: two that are equal may be chance. */
const MIN_STEPS = 2;
/** The rise begins where the samples have left their lowest level by this part of their range: rest before it says nothing about rests in it. */
const BEGUN = 0.2;

/**
 * Whether what has risen along a line has come to rest: it stands still at its end for longer than it ever did on its way, so that what
 * rises in steps is still a rise. `slope`: that of the line, above 0.
 */
export function levelsOff(points: readonly Point[], slope: number): boolean {
  const last = points.length - 1;
  const end = restFrom(points, last, slope);
  if (last - end < MIN_STEPS) return false;
  const [lowest, highest] = [Math.min(...points.map(({ value }) => value)), Math.max(...points.map(({ value }) => value))];
  const begun = points.findIndex(({ value }) => value > lowest + BEGUN * (highest - lowest));
  const rise = points.slice(begun, end + 1);
  const longest = Math.max(0, ...rise.map((_, index) => spanOf(rise, restFrom(rise, index, slope), index)));
  return spanOf(points, end, last) > longest;
}

/** The first sample since which there was hardly any growth up to the one at `to`. */
function restFrom(points: readonly Point[], to: number, slope: number): number {
  const end = points[to];
  let from = to;
  for (let index = to - 1; index >= 0 && end !== undefined; index--) {
    const start = points[index];
    if (start === undefined || end.value - start.value >= STANDS_STILL * slope * (end.at - start.at)) break;
    from = index;
  }
  return from;
}

function spanOf(points: readonly Point[], from: number, to: number): number {
  return (points[to]?.at ?? 0) - (points[from]?.at ?? 0);
}
