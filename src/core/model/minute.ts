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
  readonly columns: readonly number[];
  /** Counts of the matchers that the columns do not answer; zero counts are left out. */
  readonly matched: Readonly<Record<MatcherId, number>>;
  /** Distributions of the numbers that rules judge; left out where no record had one. */
  readonly values?: Readonly<Record<LineValueId, Distribution>>;
}

export const LINES_COLUMN = 0;
export const LEVEL_COLUMN = 1;
export const STATUS_COLUMN = LEVEL_COLUMN + LEVELS.length;
export const COLUMNS = STATUS_COLUMN + 5;
