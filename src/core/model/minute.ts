import type { Distribution } from './distribution.ts';
import type { LineValueId } from './line-value.ts';
import { LEVELS } from './log-line.ts';
import type { MatcherId } from './matcher.ts';

/**
 * What one container's log held in one minute (UTC, by the lines' kubelet timestamps). A stitched stack trace counts once.
 * Columns: index 0 all records; 1..7 records by level (`LEVELS`, from none to fatal); 8..12 by status class (1xx to 5xx).
 */
export interface Minute {
  /** Minutes since the epoch. */
  readonly minute: number;
  /** Column and count in turns, for the columns that are not 0: a large cluster has ten minutes of thousands of containers in a cycle. */
  readonly counts: readonly number[];
  /** Counts of the matchers that the columns do not answer; zero counts are left out. */
  readonly matched: Readonly<Record<MatcherId, number>>;
  /** Distributions of the numbers that rules judge; left out where no record had one. */
  readonly values?: Readonly<Record<LineValueId, Distribution>>;
}

/** Shared: nearly no minute has a match. */
export const NO_MATCHES: Minute['matched'] = Object.freeze({});

export const LINES_COLUMN = 0;
export const LEVEL_COLUMN = 1;
export const STATUS_COLUMN = LEVEL_COLUMN + LEVELS.length;
export const COLUMNS = STATUS_COLUMN + 5;

/** A minute's counts of a whole row of columns. */
export function sparseCounts(columns: readonly number[]): readonly number[] {
  const counts: number[] = [];
  // By index: an iterator over the entries would make an array of each.
  for (let column = 0; column < columns.length; column++) {
    const count = columns[column] ?? 0;
    if (count !== 0) counts.push(column, count);
  }
  return counts;
}

export function countOf({ counts }: Pick<Minute, 'counts'>, column: number): number {
  for (let i = 0; i + 1 < counts.length; i += 2) if (counts[i] === column) return counts[i + 1] ?? 0;
  return 0;
}
