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

/** The shortest run that is told of. */
export const MIN_RUN = 13;
/** How many bytes one pass takes at most. */
export const RUN_WINDOW = 65_536;

/** The bytes begin here, behind 16 zeros. */
const WINDOW = 16;
const FOUND = WINDOW + RUN_WINDOW + 64;
/** One for each 16 bytes, and some. */
const MAX_FOUND = RUN_WINDOW / 16 + 4;
const PAGES = 2;

const END = 0;
const POSITION = 1;
const COUNT = 2;
const MASK = 3;
const RUNS = 4;
const APART = 5;
const BYTES = 6;
const SEPARATORS = 7;

/** The only one: every WebAssembly memory reserves gigabytes of address space. */
let shared: { readonly memory: Uint8Array; readonly places: Uint32Array; readonly run: (end: number) => number } | null = null;

/**
 * Where runs of at least MIN_RUN digits with single spaces and dashes in between are in `bytes[from, to)`, of at most RUN_WINDOW bytes: ascending offsets from `from`,
 * one or more within every run, in `places[0, count)` until the next call.
 */
export function digitRuns(bytes: Uint8Array, from: number, to: number): { readonly places: Uint32Array; readonly count: number } {
  shared ??= load();
  const { memory, places, run } = shared;
  memory.set(bytes.subarray(from, to), WINDOW);
  memory.fill(0, WINDOW + to - from, WINDOW + to - from + 16);
  return { places, count: run(to - from) };
}

function load() {
  const { buffer, run } = instantiate({
    pages: PAGES,
    locals: [
      [BYTES - 1, I32],
      [2, V128],
    ],
    code: program(),
  });
  return { memory: new Uint8Array(buffer), places: new Uint32Array(buffer, FOUND, MAX_FOUND), run };
}

/** 16 bytes at a time: a bit for each that can be in a run, behind the bits of the 16 before, and where 13 of them stand in a row. */
function program(): Code {
  return [
    ...block(
      loop(
        ...[...get(POSITION), ...get(END), 0x4f, ...branchIf(1)], // i32.ge_u
        ...[...get(POSITION), ...loadVector(WINDOW), ...tee(BYTES), ...splat(0x30), ...simd(0x71), ...splat(9), ...simd(0x77)], // i8x16.sub, i8x16.min_u
        ...[...get(BYTES), ...splat(0x30), ...simd(0x71), ...simd(0x23)], // i8x16.eq: a digit
        ...[...get(BYTES), ...splat(0x20), ...simd(0x23), ...get(BYTES), ...splat(0x2d), ...simd(0x23)],
        ...[...simd(0x50), ...tee(SEPARATORS), ...simd(0x50)], // v128.or
        ...[...simd(0x64), ...i32(16), 0x74, ...get(MASK), 0x72], // i8x16.bitmask, i32.shl, i32.or
        // Without separators behind a separator.
        ...[...get(SEPARATORS), ...simd(0x64), ...i32(16), 0x74, ...get(APART), 0x72, ...tee(APART)],
        ...[...get(APART), ...i32(1), 0x74, 0x71, ...i32(-1), 0x73, 0x71, ...tee(MASK), ...set(RUNS)], // i32.and, i32.xor
        ...[1, 2, 4, 5].flatMap((step) => [...get(RUNS), ...get(RUNS), ...i32(step), 0x76, 0x71, ...set(RUNS)]), // i32.shr_u, i32.and
        ...get(RUNS),
        ...when(
          // i32.ctz, i32.add, i32.sub, i32.store
          ...[...get(COUNT), ...i32(2), 0x74],
          ...[...get(POSITION), ...get(RUNS), 0x68, 0x6a, ...i32(16), 0x6b],
          ...[0x36, 2, ...unsigned(FOUND), ...get(COUNT), ...i32(1), 0x6a, ...set(COUNT)],
        ),
        ...[
          ...get(MASK),
          ...i32(16),
          0x76,
          ...set(MASK),
          ...get(APART),
          ...i32(16),
          0x76,
          ...set(APART),
          ...get(POSITION),
          ...i32(16),
          0x6a,
          ...set(POSITION),
          ...branch(0),
        ],
      ),
    ),
    ...get(COUNT),
  ];
}
