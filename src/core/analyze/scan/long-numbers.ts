import { branchIf, type Code, get, i32, loop, set, simd, splat, tee, unsigned, when } from './assembler.ts';

/*
 * A part of the program of literal-filter.ts: where numbers of at least 13 digits may begin, in one piece or in groups with single spaces or dashes
 * in between, of which the first has four digits or more and does not begin with 0, 1, 7, 8 or 9. No payment card has a number that looks different.
 */

/** Behind the last place that is asked for, so many bytes decide about it. */
export const NUMBER_LOOKAHEAD = 16;
/** A number begins with four digits behind none: no more than this are in one window. */
export const MAX_NUMBERS = 65_536 / 5 + 1;

/** Vectors: the halves of 16 bytes, and what halves digits, spaces and dashes have. */
interface Vectors {
  readonly low: number;
  readonly high: number;
  readonly lowHalves: number;
  readonly highHalves: number;
}

/** Integers; `window` has a bit for each of the 16 bytes before and of these 16. */
interface Integers {
  readonly position: number;
  readonly window: number;
  readonly runs: number;
  readonly place: number;
  readonly count: number;
}

const [DIGIT, SEPARATOR] = [1, 2] as const;

/** Loads the tables that say what a byte of a number has for halves. */
export function prepareNumbers({ low, high }: Pick<Vectors, 'low' | 'high'>): Code {
  const lows = Array.from({ length: 16 }, (_, half) => (half <= 9 ? DIGIT : 0) | (half === 0 || half === 0xd ? SEPARATOR : 0));
  const highs = Array.from({ length: 16 }, (_, half) => (half === 3 ? DIGIT : half === 2 ? SEPARATOR : 0));
  return [...simd(0x0c), ...lows, ...set(low), ...simd(0x0c), ...highs, ...set(high)]; // v128.const
}

/** Notes the places of the 16 bytes before these at which a number may begin. `window` and `found` are where the bytes are, and where places go. */
export function findNumbers(
  locals: Vectors & Integers,
  { window, found }: { readonly window: number; readonly found: number },
): Code {
  const { position, runs, place, count } = locals;
  const byteAt = (offset: number): Code => [...get(place), 0x2d, 0, ...unsigned(window + offset)]; // i32.load8_u
  return [
    ...[
      ...get(locals.low),
      ...get(locals.lowHalves),
      ...simd(0x100),
      ...get(locals.high),
      ...get(locals.highHalves),
      ...simd(0x100),
    ],
    ...[...simd(0x4e), ...splat(0), ...simd(0x23), ...simd(0x64)], // v128.and, i8x16.eq, i8x16.bitmask: what cannot be in a number
    ...[
      ...i32(16),
      0x74,
      ...i32(0xffff0000 | 0),
      0x73,
      ...get(locals.window),
      ...i32(16),
      0x76,
      0x72,
      ...tee(locals.window),
      ...set(runs),
    ],
    // Thirteen in a row.
    ...[1, 2, 4, 5].flatMap((step) => [...get(runs), ...get(runs), ...i32(step), 0x76, 0x71, ...set(runs)]), // i32.shr_u, i32.and
    ...[...get(runs), ...i32(0xffff), 0x71, ...tee(runs)],
    ...when(
      ...loop(
        ...[...get(position), ...get(runs), 0x68, 0x6a, ...i32(16), 0x6b, ...set(place)], // i32.ctz, i32.add, i32.sub
        ...[...get(runs), ...get(runs), ...i32(1), 0x6b, 0x71, ...set(runs)],
        ...[...get(count), ...i32(2), 0x74, ...get(place), 0x36, 2, ...unsigned(found)], // i32.store: counted if it is one
        ...get(count),
        ...[...byteAt(0), ...i32(0x32), 0x6b, ...i32(5), 0x49], // i32.lt_u: 2 to 6
        ...[...byteAt(-1), ...i32(0x30), 0x6b, ...i32(9), 0x4b, 0x71], // i32.gt_u: no digit before
        ...[1, 2, 3, 7].flatMap((offset) => [...byteAt(offset), ...i32(0x30), 0x6b, ...i32(10), 0x49, 0x71]),
        ...[0x6a, ...set(count)],
        ...[...get(runs), ...branchIf(0)],
      ),
    ),
  ];
}
