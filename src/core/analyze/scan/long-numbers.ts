import {
  ADD,
  AND,
  AND64,
  branchIf,
  type Code,
  CTZ64,
  get,
  i32,
  i64,
  LESS,
  loadByte,
  loop,
  MORE,
  NOTEQUAL64,
  OR64,
  SHL,
  SHL64,
  SHR64,
  SUB,
  SUB64,
  set,
  store,
  WRAP,
  when,
} from './assembler.ts';

/*
 * A part of literal-program.ts: where numbers of at least 13 digits may begin, in one piece or in groups with single spaces or dashes
 * in between, of which the first has four digits or more and does not begin with 0, 1, 7, 8 or 9. No payment card has a number that looks different;
 * a few others are told of, too.
 */

/** Behind the last place that is asked for, so many bytes decide about it. */
export const NUMBER_LOOKAHEAD = 16;
/** A number begins with four digits behind none: no more than this are in one window. */
export const MAX_NUMBERS = 65_536 / 5 + 1;

/** Behind so many bytes of a number its thirteenth follows. */
const BEFORE_LAST = 12;
/** Each step asks for so many further bytes before: for 2, 4, 8 and 13 in a row. */
const STEPS = [1, 2, 4, 5] as const;
export const NUMBER_STEPS = STEPS.length;

/** Integers of 64 bits with a bit for each of 64 bytes: those that can be in a number, and what each of the steps made of the bytes before. */
interface Longs {
  readonly mask: number;
  readonly longer: number;
}

interface Integers {
  readonly position: number;
  readonly place: number;
  readonly count: number;
}

/** Whether a byte can be in a number, or shares its halves with two that can. */
export function mayBeInNumber(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x20 || byte === 0x2d;
}

/** Notes the places at which a number may begin whose 13th byte is one of these 64. `window` and `found` are where the bytes are, and where places go. */
export function findNumbers(
  { mask, longer, position, place, count }: Longs & Integers,
  { window, found }: { readonly window: number; readonly found: number },
): Code {
  const byteAt = (offset: number): Code => [...get(place), ...loadByte(window + offset)];
  const isDigit = (offset: number): Code => [...byteAt(offset), ...i32(0x30), SUB, ...i32(10), LESS];
  return [
    ...STEPS.flatMap((step, index) => [
      ...[
        ...get(mask),
        ...get(mask),
        ...i64(BigInt(step)),
        SHL64,
        ...get(longer + index),
        ...i64(BigInt(64 - step)),
        SHR64,
        OR64,
        AND64,
      ],
      ...[...get(mask), ...set(longer + index), ...set(mask)],
    ]),
    ...[...get(mask), ...i64(0n), NOTEQUAL64],
    ...when(
      ...loop(
        ...[...get(position), ...get(mask), CTZ64, WRAP, ADD, ...i32(BEFORE_LAST), SUB, ...set(place)],
        ...[...get(mask), ...get(mask), ...i64(1n), SUB64, AND64, ...set(mask)],
        // It is written in any case and counted if it is one.
        ...[...get(count), ...i32(2), SHL, ...get(place), ...store(found), ...get(count)],
        ...[...byteAt(0), ...i32(0x32), SUB, ...i32(5), LESS],
        ...[...byteAt(-1), ...i32(0x30), SUB, ...i32(9), MORE, AND],
        ...[1, 2, 3, 7].flatMap((offset) => [...isDigit(offset), AND]),
        ...[ADD, ...set(count), ...get(mask), ...i64(0n), NOTEQUAL64, ...branchIf(0)],
      ),
    ),
  ];
}
