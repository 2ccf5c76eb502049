import {
  ADD,
  AND,
  AND64,
  ATLEAST,
  BYTES_ALL,
  BYTES_ATMOST,
  BYTES_BITS,
  BYTES_EQ,
  BYTES_SUB,
  block,
  branch,
  branchIf,
  bytes16,
  type Code,
  CTZ,
  call,
  EQ,
  either,
  get,
  I32,
  i32,
  i64,
  instantiate,
  LESS,
  load64,
  loadByte,
  loadShort,
  loadVector,
  loop,
  MORE,
  MUL,
  MUL64,
  OR,
  SELECT,
  SHL,
  SHR64,
  SUB,
  set,
  splat,
  store,
  tee,
  V128,
  VAND,
  VANDNOT,
  VOR,
  WRAP,
  when,
} from './assembler.ts';
import { lookUpHeads, QUESTION, TABLES_END } from './head-lookup.ts';
import { CARRIAGE_RETURN, ESCAPE, LAST_CONTROL, MARK, TAB } from './line-marks.ts';

/*
 * The first look at a block: a WebAssembly program, assembled here, that passes over it 32 bytes at a time. It tells where lines end, what is marked
 * in them, the time at their beginning when it is written as the kubelet writes it, and which remembered head the text behind it begins with.
 */

/** How many bytes one pass takes at most, and how many lines it tells of; it stops behind that. */
export const WINDOW_BYTES = 65_536;
const MAX_LINES = 4096;
/** In front of the window and behind it stand zeros, as far as a pass looks beyond it. */
export const WINDOW = TABLES_END + 64;
export const PADDING = 64;
const RECORDS = WINDOW + WINDOW_BYTES + PADDING;
export const RECORD_BYTES = 20;
const BYTES = RECORDS + RECORD_BYTES * (MAX_LINES + 32);
const PAGES = Math.ceil(BYTES / 65_536);

/** Words of what is told of a line: where it ends, with marks and the bits of FLAG above that; the second of its minute; nanoseconds; its head, and a word of no meaning. */
export const RECORD_WORDS = RECORD_BYTES / 4;
export const END_BITS = 17;
/** Bits above the marks: the line begins with a time as the kubelet writes it; that is in the same minute as the line before it; a carriage return ends the line. */
export const FLAG = { time: 8, sameMinute: 16, carriageReturn: 32 } as const;
/** `2026-11-21T14:00:00.123456789Z ` */
export const PREFIX_BYTES = 31;

export interface LineProgram {
  readonly buffer: ArrayBuffer;
  /** What is told of each line of the last pass. */
  readonly records: Int32Array;
  /** Passes over the first bytes of the window; answers how many bytes the records of the lines that end there have. */
  readonly scan: (length: number) => number;
  /** See head-lookup.ts. */
  readonly lookUp: (first: number, last: number) => number;
}

export function loadLineProgram(): LineProgram {
  const scan = {
    parameters: 1,
    locals: [[FIRST_VECTOR - END - 1, I32] as const, [VECTORS, V128] as const],
    code: program(),
  };
  const { buffer, run } = instantiate({ pages: PAGES, procedures: { lookUp: lookUpHeads(RECORD_BYTES), scan } });
  return {
    buffer,
    records: new Int32Array(buffer, RECORDS, RECORD_WORDS * (MAX_LINES + 32)),
    scan: run.scan,
    lookUp: run.lookUp,
  };
}

/** Where in a record its question stands, and which procedure answers it. */
const QUESTIONS = 12;
const LOOK_UP = 0;
const LINE_END = 0x0a;
/** By these letters of them `HTTP`, and `tatus` of `status` and `Status`, are looked for: hardly any other word has them. */
const UPPER = Buffer.from('TP', 'latin1');
const LOWER = Buffer.from('tus', 'latin1');

const END = 0;
const POSITION = 1;
/** In bytes. */
const RECORD = 2;
const MASK = 3;
const PLACE = 4;
const START = 5;
const FLAGS = 6;
const SECOND = 7;
const NANOS = 8;
const TEXT = 9;
const BYTE = 10;
const RETURNS = 11;
/** Vectors of the bytes that are compared with: made anew for each comparison, they would cost more than it. */
const FIRST_VECTOR = 12;
const LOOKED_FOR: readonly number[] = [LAST_CONTROL, TAB, ...UPPER, ...LOWER];
const MINUTE = FIRST_VECTOR + LOOKED_FOR.length;
const THIS_MINUTE = MINUTE + 1;
const FOLDED = MINUTE + 2;
const ZEROS = MINUTE + 3;
const NINES = MINUTE + 4;
const VECTORS = NINES + 1 - FIRST_VECTOR;

/** 32 bytes at a time: a bit for each place, most often none. */
function program(): Code {
  return [
    ...LOOKED_FOR.flatMap((byte, index) => [...splat(byte), ...set(FIRST_VECTOR + index)]),
    ...[...splat(0x30), ...set(ZEROS), ...splat(9), ...set(NINES)],
    ...block(
      loop(
        ...[...get(POSITION), ...get(END), ATLEAST, ...branchIf(1)],
        ...[...get(RECORD), ...i32(RECORD_BYTES * MAX_LINES), MORE, ...branchIf(1)],
        ...[...placesAt(0), ...placesAt(16), ...i32(16), SHL, OR, ...tee(MASK)],
        ...when(...loop(...takeLowest(), ...get(MASK), ...branchIf(0))),
        ...[...get(POSITION), ...i32(32), ADD, ...set(POSITION), ...branch(0)],
      ),
    ),
    ...[...i32(RECORDS + QUESTIONS), ...get(RECORD), ...i32(RECORDS + QUESTIONS), ADD, ...call(LOOK_UP), ...get(RECORD), ADD],
  ];
}

function placesAt(offset: number): Code {
  return [
    // Line ends are among the control characters; a tab is none that hides anything.
    ...[...bytesAt(offset), ...vectorOf(LAST_CONTROL), ...BYTES_ATMOST, ...isByte(offset, TAB), ...VANDNOT],
    ...[...isText(offset, UPPER), ...isText(offset, LOWER), ...VOR, ...VOR, ...BYTES_BITS],
  ];
}

/** Whether each of the 16 bytes from POSITION + `offset` on is `byte`. */
function isByte(offset: number, byte: number): Code {
  return [...bytesAt(offset), ...vectorOf(byte), ...BYTES_EQ];
}

function bytesAt(offset: number): Code {
  return [...get(POSITION), ...loadVector(WINDOW + offset)];
}

function vectorOf(byte: number): Code {
  return get(FIRST_VECTOR + LOOKED_FOR.indexOf(byte));
}

/** Whether the text begins at each of the 16 bytes. */
function isText(at: number, text: Uint8Array): Code {
  return [...text].flatMap((byte, offset) => [...isByte(at + offset, byte), ...(offset === 0 ? [] : VAND)]);
}

/** Takes the lowest place out of the mask: a line ends there, or it is told by the bytes before it whether it is a mark. */
function takeLowest(): Code {
  return [
    ...[...get(POSITION), ...get(MASK), CTZ, ADD, ...tee(PLACE), ...loadByte(WINDOW), ...set(BYTE)],
    ...[...get(MASK), ...get(MASK), ...i32(1), SUB, AND, ...set(MASK)],
    ...[...get(BYTE), ...i32(LINE_END), EQ, ...either(endLine(), [...get(FLAGS), ...markHere(), OR, ...set(FLAGS)])],
  ];
}

/** The mark at PLACE, which BYTE has. */
function markHere(): Code {
  const isBehind = (text: string, byte: string): Code => [
    ...[...get(PLACE), ...loadShort(WINDOW - 2), ...i32(Buffer.from(text, 'latin1').readUInt16LE()), EQ],
    ...[...get(BYTE), ...i32(byte.charCodeAt(0)), EQ, AND],
  ];
  const isNot = (byte: number): Code => [...get(BYTE), ...i32(byte), SUB, ...i32(0), MORE];
  return [
    ...[...get(BYTE), ...i32(ESCAPE), EQ, ...i32(MARK.escape), MUL],
    ...[...get(BYTE), ...i32(LAST_CONTROL + 1), LESS, ...isNot(ESCAPE), AND, ...isNot(CARRIAGE_RETURN), AND],
    ...[...i32(MARK.control), MUL, OR],
    ...[...isBehind('HT', 'T'), ...isBehind('ta', 't'), OR, ...i32(MARK.status), MUL, OR],
  ];
}

/** Tells of the line that ends at PLACE; the next one begins behind it. */
function endLine(): Code {
  return [
    ...[...i32(0), ...set(TEXT), ...get(PLACE), ...get(START), SUB, ...i32(PREFIX_BYTES - 1), MORE],
    ...[...get(START), ...loadVector(WINDOW + 15), ...foldDigits()],
    ...[...bytes16('0:00.000000000Z '), ...BYTES_EQ, ...BYTES_ALL, AND],
    ...[...digitAt(17), ...i32(10), MUL, ...digitAt(18), ADD, ...tee(SECOND), ...i32(61), LESS, AND],
    ...either([...readTime(), ...askForHead()], [...splat(0), ...set(MINUTE)]),
    ...[...get(RECORD), ...get(PLACE), ...get(FLAGS), ...i32(END_BITS), SHL, OR, ...store(RECORDS)],
    ...[[SECOND, 4] as const, [NANOS, 8] as const, [TEXT, QUESTIONS + QUESTION.text] as const].flatMap(([local, offset]) => [
      ...[...get(RECORD), ...get(local), ...store(RECORDS + offset)],
    ]),
    ...[...get(RECORD), ...i32(RECORD_BYTES), ADD, ...set(RECORD), ...get(PLACE), ...i32(1), ADD, ...set(START)],
    ...[...i32(0), ...set(FLAGS)],
  ];
}

/** The vector that is left with zeros for its digits. */
function foldDigits(): Code {
  const isDigit = [...get(FOLDED), ...get(ZEROS), ...BYTES_SUB, ...get(NINES), ...BYTES_ATMOST];
  return [...set(FOLDED), ...get(ZEROS), ...get(FOLDED), ...isDigit, ...SELECT];
}

function digitAt(offset: number): Code {
  return [...get(START), ...loadByte(WINDOW + offset), ...i32(0x30), SUB];
}

function readTime(): Code {
  return [
    ...[...get(FLAGS), ...i32(FLAG.time), OR, ...get(START), ...loadVector(WINDOW), ...tee(THIS_MINUTE), ...get(MINUTE)],
    ...[...BYTES_EQ, ...BYTES_ALL, ...i32(FLAG.sameMinute), MUL, OR, ...set(FLAGS), ...get(THIS_MINUTE), ...set(MINUTE)],
    ...[
      ...get(PLACE),
      ...loadByte(WINDOW - 1),
      ...i32(CARRIAGE_RETURN),
      EQ,
      ...tee(RETURNS),
      ...i32(FLAG.carriageReturn),
      MUL,
      ...get(FLAGS),
      OR,
    ],
    ...set(FLAGS),
    ...[...get(START), ...load64(WINDOW + 20), ...joinDigits(), ...i32(10), MUL, ...digitAt(28), ADD, ...set(NANOS)],
  ];
}

/** The number that eight digits are: pairs of neighbours become one, three times. */
function joinDigits(): Code {
  const join = (mask: bigint, factor: bigint, bits: bigint): Code => [
    ...[...i64(mask), AND64, ...i64(factor), MUL64, ...i64(bits), SHR64],
  ];
  return [
    ...join(0x0f0f0f0f0f0f0f0fn, 10n * 2n ** 8n + 1n, 8n),
    ...join(0x00ff00ff00ff00ffn, 100n * 2n ** 16n + 1n, 16n),
    ...join(0x0000ffff0000ffffn, 10_000n * 2n ** 32n + 1n, 32n),
    WRAP,
  ];
}

/** A text that begins with a blank or a byte order mark has none here: what is in front of its head counts for nothing. */
function askForHead(): Code {
  const isFirst = (byte: number): Code => [...get(BYTE), ...i32(byte), EQ];
  return [
    ...[...get(START), ...loadByte(WINDOW + PREFIX_BYTES), ...set(BYTE)],
    ...[...isFirst(0x20), ...isFirst(0x09), OR, ...isFirst(0xef), OR, ...i32(0), EQ],
    ...[...get(START), ...i32(WINDOW + PREFIX_BYTES), ADD, MUL, ...set(TEXT)],
    ...[...get(RECORD), ...get(PLACE), ...i32(WINDOW), ADD, ...get(RETURNS), SUB, ...store(RECORDS + QUESTIONS + QUESTION.limit)],
  ];
}
