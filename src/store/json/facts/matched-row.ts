import type { MatcherId } from '../../../core/model/matcher.ts';
import type { Minute } from '../../../core/model/minute.ts';

/** What matchers counted in a minute: the number of each in its file's list and its count, in turns. A matcher's id can be long, and a minute is short. */
export type MatchedRow = readonly number[];

/** The row of these counts; `null` where the list lacks one of them. */
export function matchedRow(matched: Minute['matched'], numbers: ReadonlyMap<MatcherId, number>): MatchedRow | null {
  const row: number[] = [];
  for (const [id, count] of Object.entries(matched)) {
    const number = numbers.get(id);
    if (number === undefined) return null;
    row.push(number, count);
  }
  return row;
}

/** The counts of a row. Throws an Error for a number that the list does not have. */
export function matchedOf(row: MatchedRow, counted: readonly MatcherId[]): Minute['matched'] {
  const entries: [MatcherId, number][] = [];
  for (let i = 0; i + 1 < row.length; i += 2) {
    const id = counted[row[i] ?? -1];
    if (id === undefined) throw new Error(`it refers to matcher ${row[i]}, which it does not name`);
    entries.push([id, row[i + 1] ?? 0]);
  }
  // Not by assignment: a pattern can be named as anything, `__proto__` too.
  return Object.fromEntries(entries);
}

export function numbersOf(counted: readonly MatcherId[]): ReadonlyMap<MatcherId, number> {
  return new Map(counted.map((id, number) => [id, number]));
}
