import {
  HASH_BITS,
  type LiteralProgram,
  loadLiteralProgram,
  NUMBER_BUCKET,
  PADDING,
  PLACES,
  ROW_BUCKETS,
  ROW_BYTES,
  ROWS,
  WINDOW_BYTES,
} from './literal-program.ts';
import { mayBeInNumber, NUMBER_LOOKAHEAD } from './long-numbers.ts';

/*
 * The first look for literals and for long numbers. Every literal is looked for by four neighbouring bytes of it. Literals are dealt into two rows
 * of buckets; for each row and each of the four places, two tables by the lower four bits of a byte and by four above say which buckets may have
 * such a byte there. Where a bucket is left after all four, the hash of the bytes is looked up in a bit set, and what passes that too is a place that
 * is worth comparing. Long numbers: see long-numbers.ts.
 */

/** Hashes of fingerprints are below this. */
export const HASHES = 2 ** HASH_BITS;
const HASH_SHIFT = 32 - HASH_BITS;
/** Buckets of literals. */
export const BUCKETS = NUMBER_BUCKET;
const FOLD = 0x20;
const FOLD_ALL = FOLD * 0x01010101;

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
  const tables = { halves: new Uint8Array(ROWS * ROW_BYTES), bits: new Uint8Array(HASHES / 8), multiplier };
  for (let byte = 0; byte < 256; byte++) if (mayBeInNumber(byte)) allow(tables, NUMBER_BUCKET, 0, byte);
  return tables;
}

/** Notes that a bucket can have a byte at a place. */
export function allow({ halves }: FilterTables, bucket: number, place: number, byte: number): void {
  const at = ROW_BYTES * Math.floor(bucket / ROW_BUCKETS) + 32 * place;
  const bit = 1 << (bucket % ROW_BUCKETS);
  for (const entry of [at + lowHalf(byte), at + 16 + highHalf(byte)]) halves[entry] = (halves[entry] ?? 0) | bit;
}

/** What tables know of a byte: its lower four bits, and four of which the lowest is one of those. The highest says nothing of ASCII. */
export function lowHalf(byte: number): number {
  return byte & 15;
}

export function highHalf(byte: number): number {
  return (byte >> 3) & 15;
}

/** The four bytes at `at`, the same for both cases of a letter; what is missing at the end counts as 0. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24) | FOLD_ALL;
}

/** A byte of such a word. */
export function folded(byte: number): number {
  return byte | FOLD;
}

/** The hash of the fingerprint at `at`. */
export function hashAt(bytes: Uint8Array, at: number, multiplier: number): number {
  return hashOf(wordAt(bytes, at), multiplier);
}

export function hashOf(word: number, multiplier: number): number {
  return Math.imul(word, multiplier) >>> HASH_SHIFT;
}

/**
 * Where fingerprints may end, in `places[0, count)`, and where long numbers may begin, in `numbers[0, numberCount)`: ascending offsets from where
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
  shared ??= { program: loadLiteralProgram(), loaded: null };
  const { program } = shared;
  const { window, places, numbers, control } = program;
  if (shared.loaded !== tables) {
    program.tables.set(tables.halves);
    program.bits.set(tables.bits);
    control[2] = tables.multiplier;
    shared.loaded = tables;
  }
  const length = Math.min(WINDOW_BYTES, bytes.length - from);
  const taken = Math.min(length + NUMBER_LOOKAHEAD, bytes.length - from);
  window.set(taken === bytes.length ? bytes : bytes.subarray(from, from + taken));
  window.fill(0, taken, taken + PADDING - NUMBER_LOOKAHEAD);
  control[1] = wantsNumbers ? 1 : 0;
  const count = program.scan(length + (wantsNumbers ? NUMBER_LOOKAHEAD : PLACES - 1));
  const numberCount = countBelow(length, numbers, control[0] ?? 0);
  return { places, count: countBelow(length + PLACES - 1, places, count), numbers, numberCount, reached: from + length };
}

/** How many of the ascending `places[0, count)` are below `end`. */
function countBelow(end: number, places: Uint32Array, count: number): number {
  let below = count;
  while (below > 0 && (places[below - 1] ?? 0) >= end) below--;
  return below;
}

/** One for all scanners, each of which brings its tables: every WebAssembly memory reserves gigabytes of address space. */
let shared: { readonly program: LiteralProgram; loaded: FilterTables | null } | null = null;
