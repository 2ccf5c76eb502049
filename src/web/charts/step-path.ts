/** Heights of columns one unit wide, from the left; `null` where nothing is known. */
export type Heights = readonly (number | null)[];

/** A line of steps; equal neighbours are one step, and a hole ends the line. */
export function stepPath(heights: Heights): string {
  let path = '';
  for (const { from, to, y, joined } of steps(heights)) path += `${joined ? `V${y}` : `M${from} ${y}`}h${to - from}`;
  return path;
}

/** What lies between the steps and `base`, the holes left out. */
export function areaPath(heights: Heights, base: number): string {
  let path = '';
  for (const { from, to, y, joined, last } of steps(heights))
    path += `${joined ? `V${y}` : `M${from} ${base}V${y}`}H${to}${last ? `V${base}z` : ''}`;
  return path;
}

interface Step {
  readonly from: number;
  readonly to: number;
  readonly y: number;
  /** The one before it, or after it, has a height too. */
  readonly joined: boolean;
  readonly last: boolean;
}

function steps(heights: Heights): readonly Step[] {
  const found: Step[] = [];
  let from = 0;
  while (from < heights.length) {
    const y = heights[from] ?? null;
    let to = from + 1;
    while (to < heights.length && heights[to] === y) to++;
    if (y !== null)
      found.push({ from, to, y, joined: typeof heights[from - 1] === 'number', last: typeof heights[to] !== 'number' });
    from = to;
  }
  return found;
}
