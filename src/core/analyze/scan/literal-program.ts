import {
  ADD,
  AND,
  AND64,
  ATLEAST,
  BYTES_BITS,
  BYTES_EQ,
  block,
  branch,
  branchIf,
  type Code,
  CTZ64,
  EXTEND,
  get,
  I32,
  I64,
  i32,
  i64,
  instantiate,
  load,
  load64,
  loadVector,
  loop,
  MUL,
  NOTEQUAL64,
  OR,
  OR64,
  PICK_BYTES,
  POPCNT64,
  SHL,
  SHL64,
  SHORTS_SHR,
  SHR,
  SHUFFLE,
  SUB64,
  set,
  splat,
  store,
  store64,
  tee,
  V128,
  VAND,
  VOR,
  WRAP,
  when,
  XOR64,
} from './assembler.ts';
import { findNumbers, MAX_NUMBERS, NUMBER_STEPS } from './long-numbers.ts';

/*
 * The program of literal-filter.ts. It passes over 64 bytes at a time and notes a bit for each of them, then makes a list of the places of these
 * bits, and then looks at each place of the list: one step after the other for the whole window, as hardly any branch of a step is ever taken
 * otherwise than before.
 */

/** How many bytes one pass takes at most. */
export const WINDOW_BYTES = 65_536;
/** How many neighbouring bytes a literal is looked for by. */
export const PLACES = 4;
/** Buckets of one row: a bit of a byte each. */
export const ROW_BUCKETS = 8;
export const ROWS = 2;
/** For each place, two tables. */
export const ROW_BYTES = 16 * 2 * PLACES;
/** The bucket that literals leave to the bytes of long numbers: the highest of the last row, at the first place. */
export const NUMBER_BUCKET = ROWS * ROW_BUCKETS - 1;

/** Hashes have so many bits. */
export const HASH_BITS = 17;
const HASH_SHIFT = 32 - HASH_BITS;
/** Makes small letters of capital ones; other bytes that become alike are told apart later. */
const FOLD = 0x20202020;

/** Bytes at a time, and how far behind what is asked for a pass looks. */
const STEP = 64;
export const PADDING = 64;
/** So many places are listed at a time, the last of them perhaps of no meaning. */
const LISTED = 8;
/** So many are looked at at a time, the last of them perhaps of no meaning. */
const LOOKED_AT = 2;

const TABLES = 0;
/** Where the program writes how many numbers it found, and where it reads whether it has to look for any. */
const CONTROL = 512;
const NUMBERS_FOUND = CONTROL;
const NUMBERS_WANTED = CONTROL + 4;
const MULTIPLIED_BY = CONTROL + 8;
const BITS = 1024;
const MASKS = BITS + 2 ** (HASH_BITS - 3);
const WINDOW = 32_768;
const LIST = WINDOW + WINDOW_BYTES + 2 * STEP;
const NUMBERS = LIST + 4 * (WINDOW_BYTES + 2 * STEP + LISTED);
const PAGES = Math.ceil((NUMBERS + 4 * MAX_NUMBERS) / 65_536);

/** Its memory, and the program itself. */
export interface LiteralProgram {
  readonly tables: Uint8Array;
  readonly bits: Uint8Array;
  readonly window: Uint8Array;
  /** Where fingerprints end, ascending. */
  readonly places: Uint32Array;
  readonly numbers: Uint32Array;
  /** How many numbers were found; whether they are wanted; what hashes are made with. */
  readonly control: Uint32Array;
  /** Passes over the first bytes of the window; answers how many places there are. */
  readonly scan: (length: number) => number;
}

export function loadLiteralProgram(): LiteralProgram {
  const locals = [[FIRST_LONG - END - 1, I32] as const, [FIRST_TABLE - FIRST_LONG, I64] as const, [VECTORS, V128] as const];
  const { buffer, run } = instantiate({ pages: PAGES, procedures: { scan: { parameters: 1, locals, code: program() } } });
  return {
    tables: new Uint8Array(buffer, TABLES, ROWS * ROW_BYTES),
    bits: new Uint8Array(buffer, BITS, 2 ** (HASH_BITS - 3)),
    window: new Uint8Array(buffer, WINDOW, WINDOW_BYTES + PADDING),
    places: new Uint32Array(buffer, LIST, WINDOW_BYTES + PADDING),
    numbers: new Uint32Array(buffer, NUMBERS, MAX_NUMBERS),
    control: new Uint32Array(buffer, CONTROL, 3),
    scan: run.scan,
  };
}

/** Locals of `scan`: its parameter, integers of 32 and of 64 bits, and vectors: the tables, and for each row and place the buckets of these and of the 16 bytes before. */
const END = 0;
const POSITION = 1;
const COUNT = 2;
const PLACE = 3;
const HASH = 4;
const AT = 5;
const WANTED = 6;
const MULTIPLIER = 7;
const FOUND_NUMBERS = 8;
const FIRST_LONG = 9;
const MASK = FIRST_LONG;
const NUMBER_MASK = MASK + 1;
const LONGER = NUMBER_MASK + 1;
const FIRST_TABLE = LONGER + NUMBER_STEPS;
const HERE = FIRST_TABLE + 2 * PLACES * ROWS;
const BEFORE = HERE + PLACES * ROWS;
const LOW = BEFORE + PLACES * ROWS;
const HIGH = LOW + 1;
const LEFT = HIGH + 1;
const FOUR_BITS = LEFT + ROWS;
const NONE = FOUR_BITS + 1;
const VECTORS = NONE + 1 - FIRST_TABLE;

function program(): Code {
  const tables = Array.from({ length: 2 * PLACES * ROWS }, (_, index) => index);
  return [
    ...tables.flatMap((index) => [...i32(0), ...loadVector(TABLES + 16 * index), ...set(FIRST_TABLE + index)]),
    ...[...splat(0x0f), ...set(FOUR_BITS), ...splat(0), ...set(NONE)],
    ...[...i32(0), ...load(NUMBERS_WANTED), ...set(WANTED), ...i32(0), ...load(MULTIPLIED_BY), ...set(MULTIPLIER)],
    ...[...notePlaces(), ...i32(0), ...get(FOUND_NUMBERS), ...store(NUMBERS_FOUND)],
    ...[...listPlaces(), ...lookAtPlaces()],
  ];
}

/** A bit for each place at which a fingerprint may end. */
function notePlaces(): Code {
  const parts = Array.from({ length: STEP / 16 }, (_, part) => part);
  return block(
    loop(
      ...[...get(POSITION), ...get(END), ATLEAST, ...branchIf(1)],
      ...parts.flatMap((part) => [
        ...[...get(POSITION), ...loadVector(WINDOW + 16 * part), ...tee(HIGH), ...get(FOUR_BITS), ...VAND, ...set(LOW)],
        ...[...get(HIGH), ...i32(3), ...SHORTS_SHR, ...get(FOUR_BITS), ...VAND, ...set(HIGH)],
        ...ROW_PLACES.flatMap(bucketsAt),
        ...ROW_PLACES.flatMap(narrowBy),
        ...[...get(LEFT), ...get(LEFT + 1), ...VOR, ...get(NONE), ...BYTES_EQ, ...BYTES_BITS, ...joinTo(MASK, part)],
        ...[...get(HERE + PLACES * (ROWS - 1)), ...BYTES_BITS, ...joinTo(NUMBER_MASK, part)],
      ]),
      ...[...get(POSITION), ...i32(3), SHR, ...get(MASK), ...i64(-1n), XOR64, ...store64(MASKS)],
      ...[
        ...get(WANTED),
        ...when(
          ...findNumbers(
            { mask: NUMBER_MASK, longer: LONGER, position: POSITION, place: PLACE, count: FOUND_NUMBERS },
            { window: WINDOW, found: NUMBERS },
          ),
        ),
      ],
      ...[...get(POSITION), ...i32(STEP), ADD, ...set(POSITION), ...branch(0)],
    ),
  );
}

/** The 16 bits that are left, as those of one part of 64. */
function joinTo(mask: number, part: number): Code {
  const shifted = [EXTEND, ...(part === 0 ? [] : [...i64(BigInt(16 * part)), SHL64, ...get(mask), OR64])];
  return [...shifted, ...set(mask)];
}

/** Lists the places of the bits, some at a time whether there are so many or not. */
function listPlaces(): Code {
  const list = (index: number): Code => [
    ...[...get(AT), ...get(MASK), CTZ64, WRAP, ...get(POSITION), ADD, ...store(LIST + 4 * index)],
    ...[...get(MASK), ...get(MASK), ...i64(1n), SUB64, AND64, ...set(MASK)],
  ];
  return [
    ...[...i32(0), ...set(POSITION)],
    ...block(
      loop(
        ...[...get(POSITION), ...get(END), ATLEAST, ...branchIf(1)],
        ...[...get(POSITION), ...i32(3), SHR, ...load64(MASKS), ...tee(MASK), ...i64(0n), NOTEQUAL64],
        ...when(
          ...[...get(COUNT), ...i32(2), SHL, ...set(AT), ...get(COUNT), ...get(MASK), POPCNT64, WRAP, ADD, ...set(COUNT)],
          ...loop(
            ...Array.from({ length: LISTED }, (_, index) => list(index)).flat(),
            ...[...get(AT), ...i32(4 * LISTED), ADD, ...set(AT), ...get(MASK), ...i64(0n), NOTEQUAL64, ...branchIf(0)],
          ),
        ),
        ...[...get(POSITION), ...i32(STEP), ADD, ...set(POSITION), ...branch(0)],
      ),
    ),
  ];
}

/** Looks up the hash at each place of the list, and keeps the places of which it is one of a literal. */
function lookAtPlaces(): Code {
  const lookAt = (index: number): Code => [
    ...[...get(AT), ...load(LIST + 4 * index), ...tee(PLACE), ...load(WINDOW - PLACES + 1), ...i32(FOLD), OR],
    ...[...get(MULTIPLIER), MUL, ...i32(HASH_SHIFT), SHR, ...set(HASH)],
    // It is written in any case and counted if it is one: a branch that goes either way would cost more.
    ...[...get(COUNT), ...get(PLACE), ...store(LIST)],
    ...[...get(HASH), ...i32(5), SHR, ...i32(2), SHL, ...load(BITS), ...get(HASH), SHR, ...i32(1), AND],
    ...[...i32(2), SHL, ...get(COUNT), ADD, ...set(COUNT)],
  ];
  return [
    // What is looked at behind the last is no place of the window.
    ...[...get(COUNT), ...i32(2), SHL, ...tee(AT), ...get(END), ...i32(PLACES), ADD, ...store(LIST)],
    ...[...get(AT), ...set(END), ...i32(0), ...set(COUNT), ...i32(0), ...set(AT)],
    ...block(
      loop(
        ...[...get(AT), ...get(END), ATLEAST, ...branchIf(1)],
        ...Array.from({ length: LOOKED_AT }, (_, index) => lookAt(index)).flat(),
        ...[...get(AT), ...i32(4 * LOOKED_AT), ADD, ...set(AT), ...branch(0)],
      ),
    ),
    ...[...get(COUNT), ...i32(2), SHR],
  ];
}

interface RowPlace {
  readonly row: number;
  readonly place: number;
}

const ROW_PLACES: readonly RowPlace[] = Array.from({ length: ROWS * PLACES }, (_, index) => ({
  row: Math.floor(index / PLACES),
  place: index % PLACES,
}));

/** Which buckets of a row can have each of the 16 bytes at one place. */
function bucketsAt({ row, place }: RowPlace): Code {
  const at = PLACES * row + place;
  const low = FIRST_TABLE + 2 * at;
  return [
    ...[...get(HERE + at), ...set(BEFORE + at)],
    ...[...get(low), ...get(LOW), ...PICK_BYTES, ...get(low + 1), ...get(HIGH), ...PICK_BYTES, ...VAND, ...set(HERE + at)],
  ];
}

/** Which buckets are left when those of one place are moved on to the last: a literal is told of where its fingerprint ends. */
function narrowBy({ row, place }: RowPlace): Code {
  const at = PLACES * row + place;
  const back = PLACES - 1 - place;
  const lanes = Array.from({ length: 16 }, (_, lane) => 16 - back + lane);
  const moved = back === 0 ? get(HERE + at) : [...get(BEFORE + at), ...get(HERE + at), ...SHUFFLE, ...lanes];
  return [...moved, ...(place === 0 ? [] : [...get(LEFT + row), ...VAND]), ...set(LEFT + row)];
}
