import { optional } from '../../base/schema/object.ts';
import { duration, integer } from '../../base/schema/scalars.ts';
import { described, refine, type Type } from '../../base/schema/type.ts';
import { clockTime } from './test-scalars.ts';

interface Series {
  readonly at: number;
  readonly every: number;
  readonly count: number | null;
  readonly until: number | null;
}

/** The keys by which an entry is one of several, at most `most` of them. */
export function seriesKeys({ what, every, least, most }: { what: string; every: number; least: number; most: number }) {
  return {
    every: optional(described(duration(least), `Between the ${what} of a series.`), every),
    count: optional(described(integer(1, most), `How many ${what} the series has; default: 1.`), null),
    until: optional(described(clockTime, 'Instead of `count`: those before this time.'), null),
  };
}

/** An entry with {@link seriesKeys}, counted where it only says until when it goes on. */
export function series<T extends Series>(
  type: Type<T>,
  most: number,
): Type<Omit<T, 'count' | 'until'> & { readonly count: number }> {
  return refine(type, ({ count, until, ...entry }, fail) => {
    if (until === null) return { ...entry, count: count ?? 1 };
    if (count !== null) return fail('expected either "count" or "until"', 'until');
    const counted = Math.ceil((until - entry.at) / entry.every);
    if (counted < 1) return fail('expected "until" to be after "at"', 'until');
    return counted > most ? fail(`expected at most ${most} until then, found ${counted}`, 'until') : { ...entry, count: counted };
  });
}
