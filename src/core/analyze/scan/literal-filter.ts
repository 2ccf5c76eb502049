import {
  block,
  branch,
  branchIf,
  type Code,
  get,
  I32,
  i32,
  instantiate,
  loadVector,
  loop,
  set,
  simd,
  splat,
  tee,
  unsigned,
  V128,
  when,
} from './assembler.ts';
import { findNumbers, MAX_NUMBERS, NUMBER_LOOKAHEAD, prepareNumbers } from './long-numbers.ts';

/*
 * The first look for literals and for long numbers: a WebAssembly program, assembled here, that passes over a block 16 bytes at a time. Every literal is looked for
 * by four neighbouring bytes of it. Literals are dealt into two rows of eight buckets; for each row and each of the four places, two tables by the low
 * and the high half of a byte say which buckets may have such a byte there. Where a bucket is left after all four, the hash of the bytes is looked up in
 * a bit set, and what passes that too is a place that is worth comparing. Long numbers: see long-numbers.ts.
 */

/** How many bytes one pass takes at most. */
export const WINDOW_BYTES = 65_536;
/** How many neighbouring bytes a literal is looked for by. */
export const PLACES = 4;
/** Hashes of fingerprints are below this. */
export const HASHES = 131_072;
/** Buckets of one row: a bit of a byte each. */
const ROW_BUCKETS = 8;
const ROWS = 2;
/** Buckets of literals. */
export const BUCKETS = ROWS * ROW_BUCKETS;

const MAX_FOUND = 16_384;
const TABLES = 0;
const ROW_BYTES = 16 * 2 * PLACES;
/** Where the program writes how far it came, and how many numbers it found; and where it reads whether it has to look for any. */
const REACHED = 512;
const NUMBERS_FOUND = 516;
const NUMBERS_WANTED = 520;
const MULTIPLIED_BY = 524;
const BITS = 1024;
const WINDOW = 32_768;
const FOUND = WINDOW + WINDOW_BYTES + 64;
/** 16 bytes of the window that are looked at again. */
const CHUNKS = FOUND + 4 * MAX_FOUND;
/** Places of long numbers. */
const NUMBERS = CHUNKS + WINDOW_BYTES / 4 + 64;
const PAGES = 4;
/** What is left of 32 bits is below HASHES. */
const HASH_SHIFT = 15;
const FOLD = 0x20202020;

/** What the program looks for. */
export interface FilterTables {
  /** For each row, for each place of the fingerprint: its buckets by low half, then by high half. */
  readonly halves: Uint8Array;
  /** A bit for each hash of a fingerprint. */
  readonly bits: Uint8Array;
  /** What hashes are made with. */
  readonly multiplier: number;
}

export function emptyTables(multiplier: number): FilterTables {
  return { halves: new Uint8Array(ROWS * ROW_BYTES), bits: new Uint8Array(HASHES / 8), multiplier };
}

/** Notes that a bucket can have a byte at a place. */
export function allow({ halves }: FilterTables, bucket: number, place: number, byte: number): void {
  const at = ROW_BYTES * Math.floor(bucket / ROW_BUCKETS) + 32 * place;
  const bit = 1 << (bucket % ROW_BUCKETS);
  for (const entry of [at + (byte & 15), at + 16 + (byte >> 4)]) halves[entry] = (halves[entry] ?? 0) | bit;
}

export type Fingerprint = readonly [number, number, number, number];

/** The same for both cases of a letter. */
export function fingerprintHash(fingerprint: Fingerprint, multiplier: number): number {
  return hashOf(foldedWord(fingerprint), multiplier);
}

/** The same for both cases of a letter, and another for every other fingerprint. */
export function foldedWord([first, second, third, fourth]: Fingerprint): number {
  return first | (second << 8) | (third << 16) | (fourth << 24) | FOLD;
}

/** The folded word at `at`; what is missing at the end counts as 0. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24) | FOLD;
}

/** The hash of the fingerprint at `at`. */
export function hashAt(bytes: Uint8Array, at: number, multiplier: number): number {
  return hashOf(wordAt(bytes, at), multiplier);
}

export function hashOf(word: number, multiplier: number): number {
  return Math.imul(word, multiplier) >>> HASH_SHIFT;
}

/**
 * Where fingerprints may be, in `places[0, count)`, and where long numbers may begin, in `numbers[0, numberCount)`: ascending offsets from where
 * the pass began. Everything before `reached` was looked at.
 */
export interface Pass {
  readonly places: Uint32Array;
  readonly count: number;
  readonly numbers: Uint32Array;
  readonly numberCount: number;
  readonly reached: number;
}

/** Looks at `bytes[from, from + WINDOW_BYTES)`, or less. The places are those of the next pass as soon as there is one. */
export function passOver(tables: FilterTables, wantsNumbers: boolean, bytes: Uint8Array, from: number): Pass {
  shared ??= load();
  const { memory, places, numbers, control, scan } = shared;
  if (shared.loaded !== tables) {
    memory.set(tables.halves, TABLES);
    memory.set(tables.bits, BITS);
    shared.loaded = tables;
  }
  const length = Math.min(WINDOW_BYTES, bytes.length - from);
  const taken = Math.min(length + NUMBER_LOOKAHEAD, bytes.length - from);
  memory.set(taken === bytes.length ? bytes : bytes.subarray(from, from + taken), WINDOW);
  memory.fill(0, WINDOW + taken, WINDOW + taken + 32);
  control[2] = wantsNumbers ? 1 : 0;
  control[3] = tables.multiplier;
  const count = scan(length + (wantsNumbers ? NUMBER_LOOKAHEAD : PLACES - 1));
  const done = Math.min(length, (control[0] ?? 0) - PLACES + 1);
  const numberCount = countBelow(done, numbers, control[1] ?? 0);
  return { places, count: countBelow(done, places, count), numbers, numberCount, reached: from + done };
}

/** How many of the ascending `places[0, count)` are below `end`. */
function countBelow(end: number, places: Uint32Array, count: number): number {
  let below = count;
  while (below > 0 && (places[below - 1] ?? 0) >= end) below--;
  return below;
}

interface Instance {
  readonly memory: Uint8Array;
  readonly places: Uint32Array;
  readonly numbers: Uint32Array;
  readonly control: Uint32Array;
  readonly scan: (end: number) => number;
  /** The tables that are in its memory. */
  loaded: FilterTables | null;
}

/** One for all scanners, each of which brings its tables: every WebAssembly memory reserves gigabytes of address space. */
let shared: Instance | null = null;

function load(): Instance {
  const locals = [[FIRST_TABLE - 1, I32] as const, [VECTORS, V128] as const];
  const { buffer, run } = instantiate({ pages: PAGES, procedures: { scan: { parameters: 1, locals, code: program() } } });
  return {
    memory: new Uint8Array(buffer),
    places: new Uint32Array(buffer, FOUND, MAX_FOUND),
    numbers: new Uint32Array(buffer, NUMBERS, MAX_NUMBERS),
    control: new Uint32Array(buffer, REACHED, 4),
    scan: run.scan,
    loaded: null,
  };
}

/** Locals of `scan`: its parameter, integers, and vectors: the tables, and for each row and place the buckets of these and of the 16 bytes before. */
const END = 0;
const POSITION = 1;
const COUNT = 2;
const MASK = 3;
const PLACE = 4;
const HASH = 5;
const CHUNKS_FOUND = 6;
const NEXT = 7;
const WANTED = 8;
const NUMBER_LOCALS = { position: POSITION, window: 9, runs: 10, place: PLACE, count: 11 };
const MULTIPLIER = 12;
const FIRST_TABLE = 13;
const HERE = FIRST_TABLE + 2 * PLACES * ROWS;
const BEFORE = HERE + PLACES * ROWS;
const LOW = BEFORE + PLACES * ROWS;
const HIGH = LOW + 1;
const LEFT = HIGH + 1;
const NUMBER_VECTORS = { low: LEFT + ROWS, high: LEFT + ROWS + 1, lowHalves: LOW, highHalves: HIGH };
const VECTORS = LEFT + ROWS + 2 - FIRST_TABLE;

function program(): Code {
  const tables = Array.from({ length: 2 * PLACES * ROWS }, (_, index) => index);
  return [
    ...tables.flatMap((index) => [...i32(0), ...loadVector(TABLES + 16 * index), ...set(FIRST_TABLE + index)]),
    ...[...i32(0), 0x28, 2, ...unsigned(NUMBERS_WANTED), ...set(WANTED)], // i32.load
    ...[...i32(0), 0x28, 2, ...unsigned(MULTIPLIED_BY), ...set(MULTIPLIER)],
    ...prepareNumbers(NUMBER_VECTORS),
    ...findChunks(),
    ...[...i32(NUMBERS_FOUND), ...get(NUMBER_LOCALS.count), 0x36, 2, 0], // i32.store
    ...lookAtChunks(),
    // Where it stopped for want of room, or the end.
    ...[...i32(REACHED), ...get(POSITION), ...get(END), ...get(NEXT), ...get(CHUNKS_FOUND), 0x49, 0x1b, 0x36, 2, 0], // i32.lt_u, select, i32.store
    ...get(COUNT),
  ];
}

/** Notes every 16 bytes in which a fingerprint may end, as their position and a bit for each. A branch that goes either way would cost more than the note. */
function findChunks(): Code {
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  const places = rows.flatMap((row) => Array.from({ length: PLACES }, (_, place) => ({ row, place })));
  return block(
    loop(
      ...[...get(POSITION), ...get(END), 0x4f, ...branchIf(1)], // i32.ge_u: the end
      ...[...get(POSITION), ...loadVector(WINDOW), ...tee(HIGH)],
      ...[...splat(0x0f), ...simd(0x4e), ...set(LOW)], // v128.and
      ...[...get(HIGH), ...i32(4), ...simd(0x6d), ...set(HIGH)], // i8x16.shr_u
      ...places.flatMap(bucketsAt),
      ...places.flatMap(narrowBy),
      ...[...get(WANTED), ...when(...findNumbers({ ...NUMBER_LOCALS, ...NUMBER_VECTORS }, { window: WINDOW, found: NUMBERS }))],
      ...rows.flatMap((row) => [...get(LEFT + row), ...(row === 0 ? [] : simd(0x50))]), // v128.or
      ...[...splat(0), ...simd(0x24), ...simd(0x64), ...set(MASK)], // i8x16.ne, i8x16.bitmask
      ...[...get(CHUNKS_FOUND), ...i32(2), 0x74, ...get(POSITION), ...i32(12), 0x74, ...get(MASK), 0x72], // i32.shl, i32.or
      ...[0x36, 2, ...unsigned(CHUNKS), ...get(CHUNKS_FOUND), ...get(MASK), ...i32(0), 0x47, 0x6a, ...set(CHUNKS_FOUND)], // i32.store, i32.ne, i32.add
      ...[...get(POSITION), ...i32(16), 0x6a, ...set(POSITION), ...branch(0)],
    ),
  );
}

function lookAtChunks(): Code {
  return block(
    loop(
      ...[...get(NEXT), ...get(CHUNKS_FOUND), 0x4f, ...branchIf(1)],
      ...[...get(NEXT), ...i32(2), 0x74, 0x28, 2, ...unsigned(CHUNKS), ...tee(MASK)], // i32.load
      ...[...i32(16), 0x76, ...i32(4), 0x74, ...set(POSITION), ...get(MASK), ...i32(0xffff), 0x71, ...set(MASK)], // i32.shr_u, i32.and
      ...[...get(COUNT), ...i32(MAX_FOUND - 16), 0x4b, ...branchIf(1)], // i32.gt_u: no room for the places of 16 bytes
      ...loop(...takeLowest(), ...get(MASK), ...branchIf(0)),
      ...[...get(NEXT), ...i32(1), 0x6a, ...set(NEXT), ...branch(0)],
    ),
  );
}

interface RowPlace {
  readonly row: number;
  readonly place: number;
}

/** Which buckets of a row can have each of the 16 bytes at one place. */
function bucketsAt({ row, place }: RowPlace): Code {
  const at = PLACES * row + place;
  const low = FIRST_TABLE + 2 * at;
  return [
    ...[...get(HERE + at), ...set(BEFORE + at)],
    ...[...get(low), ...get(LOW), ...simd(0x100)], // i8x16.relaxed_swizzle: no index is above 15
    ...[...get(low + 1), ...get(HIGH), ...simd(0x100), ...simd(0x4e), ...set(HERE + at)], // v128.and
  ];
}

/** Which buckets are left when those of one place are moved on to the last: a literal is told of where its fingerprint ends. */
function narrowBy({ row, place }: RowPlace): Code {
  const at = PLACES * row + place;
  const back = PLACES - 1 - place;
  const lanes = Array.from({ length: 16 }, (_, lane) => 16 - back + lane);
  const moved = back === 0 ? get(HERE + at) : [...get(BEFORE + at), ...get(HERE + at), ...simd(0x0d), ...lanes]; // i8x16.shuffle
  return [...moved, ...(place === 0 ? [] : [...get(LEFT + row), ...simd(0x4e)]), ...set(LEFT + row)];
}

/** Looks up the hash at the lowest place of the mask, keeps the place when it is one of a literal, and takes it out of the mask. */
function takeLowest(): Code {
  return [
    ...[...get(POSITION), ...get(MASK), 0x68, 0x6a, ...i32(PLACES - 1), 0x6b, ...set(PLACE)], // i32.ctz, i32.add, i32.sub
    ...[...get(MASK), ...get(MASK), ...i32(1), 0x6b, 0x71, ...set(MASK)], // i32.sub, i32.and
    ...[...get(PLACE), 0x28, 0, ...unsigned(WINDOW), ...i32(FOLD), 0x72], // i32.load, i32.or
    ...[...get(MULTIPLIER), 0x6c, ...i32(HASH_SHIFT), 0x76, ...set(HASH)], // i32.mul, i32.shr_u
    ...[...get(HASH), ...i32(3), 0x76, 0x2d, 0, ...unsigned(BITS)], // i32.load8_u
    ...[...get(HASH), ...i32(7), 0x71, 0x76, ...i32(1), 0x71, ...set(HASH)],
    // It is written in any case and counted if it is one: a branch that goes either way would cost more.
    ...[...get(COUNT), ...i32(2), 0x74, ...get(PLACE), 0x36, 2, ...unsigned(FOUND)], // i32.shl, i32.store
    ...[...get(COUNT), ...get(HASH), 0x6a, ...set(COUNT)],
  ];
}
