import {
  block,
  branch,
  branchIf,
  type Code,
  get,
  I32,
  i32,
  instantiate,
  loop,
  set,
  simd,
  splat,
  tee,
  unsigned,
  V128,
  when,
} from './assembler.ts';

/** What only few lines hold and costs much to look for in each, as bits: the byte that begins every ANSI code, and words that introduce a status. */
export const MARK = { escape: 1, status: 2 } as const;

export const LINE_END = 0x0a;
const ESCAPE = 0x1b;
/** By these letters of them `HTTP`, and `tatus` of `status` and `Status`, are looked for: hardly any other word has them. */
const UPPER = Buffer.from('TP', 'latin1');
const LOWER = Buffer.from('tus', 'latin1');

/** How many bytes one pass takes at most. */
const WINDOW_BYTES = 65_536;
/** Behind the window a pass may look at up to 32 bytes and two more. */
const FOUND = WINDOW_BYTES + 64;
const PAGES = 6;

/** The places of line ends, and of what may be a mark, in `places[0, count)`: ascending offsets from where the pass began, until the next pass. */
export interface Places {
  readonly places: Uint32Array;
  readonly count: number;
  /** How many bytes were looked at. */
  readonly length: number;
}

/** Looks at `bytes` from `from` on, as far as one pass gets. */
export function findPlaces(bytes: Buffer, from: number): Places {
  shared ??= load();
  const { memory, places, run } = shared;
  const length = Math.min(WINDOW_BYTES, bytes.length - from);
  const taken = Math.min(length + LOWER.length - 1, bytes.length - from);
  memory.set(bytes.subarray(from, from + taken));
  memory.fill(0, taken, taken + 64);
  return { places, count: run(length), length };
}

/** The mark that `bytes` have where a pass told of a place that is no line end; 0 when it is none. */
export function markAt(bytes: Buffer, place: number): number {
  switch (bytes[place]) {
    case ESCAPE:
      return MARK.escape;
    case UPPER[0]:
      return bytes[place - 1] === 0x54 && bytes[place - 2] === 0x48 ? MARK.status : 0;
    default:
      return bytes[place - 1] === 0x61 && bytes[place - 2] === 0x74 ? MARK.status : 0;
  }
}

/** The marks of `bytes[start, end)`, where no pass was made. */
export function marksIn(bytes: Buffer, start: number, end: number): number {
  const line = bytes.subarray(start, end);
  return (line.includes(ESCAPE) ? MARK.escape : 0) | (line.includes('HTTP') || line.includes('tatus') ? MARK.status : 0);
}

/** The only one: every WebAssembly memory reserves gigabytes of address space. */
let shared: { readonly memory: Uint8Array; readonly places: Uint32Array; readonly run: (end: number) => number } | null = null;

function load() {
  const { buffer, run } = instantiate({
    pages: PAGES,
    locals: [
      [MASK, I32],
      [LOOKED_FOR.length, V128],
    ],
    code: program(),
  });
  return { memory: new Uint8Array(buffer), places: new Uint32Array(buffer, FOUND, WINDOW_BYTES), run };
}

const END = 0;
const POSITION = 1;
const COUNT = 2;
const MASK = 3;
/** Vectors of the bytes that are compared with: made anew for each comparison, they would cost more than it. */
const FIRST_VECTOR = 4;
const LOOKED_FOR: readonly number[] = [LINE_END, ESCAPE, ...UPPER, ...LOWER];

/** 32 bytes at a time: a bit for each place, most often none. */
function program(): Code {
  return [
    ...LOOKED_FOR.flatMap((byte, index) => [...splat(byte), ...set(FIRST_VECTOR + index)]),
    ...block(
      loop(
        ...[...get(POSITION), ...get(END), 0x4f, ...branchIf(1)], // i32.ge_u
        ...[...placesAt(0), ...placesAt(16), ...i32(16), 0x74, 0x72, ...tee(MASK)], // i32.shl, i32.or
        ...when(...loop(...takeLowest(), ...get(MASK), ...branchIf(0))),
        ...[...get(POSITION), ...i32(32), 0x6a, ...set(POSITION), ...branch(0)],
      ),
    ),
    ...[...get(COUNT), ...i32(2), 0x76], // i32.shr_u
  ];
}

function placesAt(offset: number): Code {
  return [
    ...[...isByte(offset, LINE_END), ...isByte(offset, ESCAPE), ...simd(0x50)], // v128.or
    ...[...isText(offset, UPPER), ...isText(offset, LOWER), ...simd(0x50), ...simd(0x50)],
    ...simd(0x64), // i8x16.bitmask
  ];
}

/** Whether each of the 16 bytes from POSITION + `offset` on is `byte`. */
function isByte(offset: number, byte: number): Code {
  return [
    ...get(POSITION),
    ...simd(0x00),
    0,
    ...unsigned(offset),
    ...get(FIRST_VECTOR + LOOKED_FOR.indexOf(byte)),
    ...simd(0x23),
  ]; // v128.load, i8x16.eq
}

/** Whether the text begins at each of the 16 bytes. */
function isText(at: number, text: Uint8Array): Code {
  return [...text].flatMap((byte, offset) => [...isByte(at + offset, byte), ...(offset === 0 ? [] : simd(0x4e))]); // v128.and
}

/** Notes the lowest place of the mask and takes it out. COUNT is in bytes. */
function takeLowest(): Code {
  return [
    ...[...get(COUNT), ...get(POSITION), ...get(MASK), 0x68, 0x6a, 0x36, 2, ...unsigned(FOUND)], // i32.ctz, i32.add, i32.store
    ...[...get(COUNT), ...i32(4), 0x6a, ...set(COUNT)],
    ...[...get(MASK), ...get(MASK), ...i32(1), 0x6b, 0x71, ...set(MASK)], // i32.sub, i32.and
  ];
}
