/** Bytes of WebAssembly code. */
export type Code = readonly number[];

export const I32 = 0x7f;
export const I64 = 0x7e;
export const V128 = 0x7b;
const EMPTY_BLOCK = 0x40;

/** Operations on two integers without a sign; {@link CTZ}, on one: the place of its lowest bit. */
export const ADD = 0x6a;
export const SUB = 0x6b;
export const MUL = 0x6c;
export const AND = 0x71;
export const OR = 0x72;
export const SHL = 0x74;
export const SHR = 0x76;
export const EQ = 0x46;
export const LESS = 0x49;
export const MORE = 0x4b;
export const ATLEAST = 0x4f;
export const CTZ = 0x68;
/** The same on two of 64 bits, and what makes one of 32 of it. */
export const SUB64 = 0x7d;
export const MUL64 = 0x7e;
export const AND64 = 0x83;
export const OR64 = 0x84;
export const XOR64 = 0x85;
export const SHL64 = 0x86;
export const SHR64 = 0x88;
export const NOTEQUAL64 = 0x52;
export const CTZ64 = 0x7a;
export const POPCNT64 = 0x7b;
export const WRAP = 0xa7;
/** Makes one of 64 bits of one of 32. */
export const EXTEND = 0xad;
/** Operations on vectors: all bits; those of the first that the second has not; of three, the bits of the first where the third has ones. */
export const VAND = simd(0x4e);
export const VANDNOT = simd(0x4f);
export const VOR = simd(0x50);
export const SELECT = simd(0x52);
/** On their 16 bytes: what is equal, or not more, is all ones; whether all are; a bit for each. */
export const BYTES_SUB = simd(0x71);
export const BYTES_EQ = simd(0x23);
export const BYTES_ATMOST = simd(0x2a);
export const BYTES_MAX = simd(0x79);
export const BYTES_ALL = simd(0x63);
export const BYTES_BITS = simd(0x64);
/** The bytes of the first at the places that the second tells, which are below 16; those of both at the 16 places that follow. */
export const PICK_BYTES = simd(0x100);
export const SHUFFLE = simd(0x0d);
/** On their eight pairs of bytes, by an integer. */
export const SHORTS_SHR = simd(0x8d);
/** On their four words. */
export const WORDS_EQ = simd(0x37);
export const WORDS_ADD = simd(0xae);
export const WORDS_MUL = simd(0xb5);
export const WORDS_SPLAT = simd(0x11);
export const WORDS_BITS = simd(0xa4);

/** The part of the standard's interface that is used here. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> };
};

/** A function of integers to an integer. */
export interface Procedure {
  readonly parameters: number;
  /** Groups of locals behind the parameters: how many of which type. */
  readonly locals: readonly (readonly [number, number])[];
  readonly code: Code;
}

/** Functions, each of which can {@link call} those that stand before it, and the memory that they share. */
export interface Program<Name extends string> {
  readonly pages: number;
  readonly procedures: Readonly<Record<Name, Procedure>>;
}

export interface Running<Name extends string> {
  readonly buffer: ArrayBuffer;
  readonly run: Readonly<Record<Name, (...parameters: number[]) => number>>;
}

export function instantiate<Name extends string>({ pages, procedures }: Program<Name>): Running<Name> {
  const all = Object.entries<Procedure>(procedures);
  const text = (name: string) => [name.length, ...Buffer.from(name)];
  const section = (id: number, content: Code) => [id, ...unsigned(content.length), ...content];
  const bytes = Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [all.length, ...all.flatMap(([, each]) => typeOf(each))]),
    ...section(3, [all.length, ...all.keys()]),
    ...section(5, [1, 0x00, pages]),
    ...section(7, [1 + all.length, ...text('memory'), 0x02, 0, ...all.flatMap(([name], index) => [...text(name), 0x00, index])]),
    ...section(10, [all.length, ...all.flatMap(([, each]) => bodyOf(each))]),
  ]);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  // What the module exports under these names, as written above.
  const { buffer } = exports['memory'] as { readonly buffer: ArrayBuffer };
  return { buffer, run: exports as Running<Name>['run'] };
}

function typeOf({ parameters }: Procedure): Code {
  return [0x60, parameters, ...new Array<number>(parameters).fill(I32), 1, I32];
}

function bodyOf({ locals, code }: Procedure): Code {
  const groups = locals.flatMap(([count, type]) => [...unsigned(count), type]);
  const body = [...unsigned(locals.length), ...groups, ...code, 0x0b];
  return [...unsigned(body.length), ...body];
}

export function get(local: number): Code {
  return [0x20, local];
}

export function set(local: number): Code {
  return [0x21, local];
}

export function tee(local: number): Code {
  return [0x22, local];
}

export function i32(value: number): Code {
  return [0x41, ...signed(value)];
}

export function i64(value: bigint): Code {
  return [0x42, ...signed64(value)];
}

/** An operation on vectors. */
export function simd(operation: number): Code {
  return [0xfd, ...unsigned(operation)];
}

/** A vector of 16 characters. */
export function bytes16(text: string): Code {
  return [...simd(0x0c), ...Buffer.from(text, 'latin1')];
}

/** A vector of 16 equal bytes. */
export function splat(byte: number): Code {
  return [...simd(0x0c), ...new Array<number>(16).fill(byte)];
}

/** Four bytes, or one, from the address that is left and `offset`. */
export function load(offset: number): Code {
  return [0x28, 0, ...unsigned(offset)];
}

export function loadByte(offset: number): Code {
  return [0x2d, 0, ...unsigned(offset)];
}

export function load64(offset: number): Code {
  return [0x29, 0, ...unsigned(offset)];
}

export function store(offset: number): Code {
  return [0x36, 0, ...unsigned(offset)];
}

export function store64(offset: number): Code {
  return [0x37, 0, ...unsigned(offset)];
}

export function loadShort(offset: number): Code {
  return [0x2f, 0, ...unsigned(offset)];
}

export function loadVector(offset: number): Code {
  return [...simd(0x00), 0, ...unsigned(offset)];
}

/** One of the two words of 64 bits of a vector. */
export function word64(lane: number): Code {
  return [...simd(0x1d), lane];
}

export function block(code: Code): Code {
  return [0x02, EMPTY_BLOCK, ...code, 0x0b];
}

export function loop(...code: Code): Code {
  return [0x03, EMPTY_BLOCK, ...code, 0x0b];
}

export function when(...code: Code): Code {
  return [0x04, EMPTY_BLOCK, ...code, 0x0b];
}

/** One or the other, by whether the integer is zero. */
export function either(then: Code, otherwise: Code): Code {
  return [0x04, EMPTY_BLOCK, ...then, 0x05, ...otherwise, 0x0b];
}

/** Calls the function that stands at `index` in the program. */
export function call(index: number): Code {
  return [0x10, index];
}

export function branch(depth: number): Code {
  return [0x0c, depth];
}

export function branchIf(depth: number): Code {
  return [0x0d, depth];
}

/** LEB128. */
export function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  const rest = value >> 7;
  const low = value & 0x7f;
  return (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0) ? [low] : [low | 0x80, ...signed(rest)];
}

function signed64(value: bigint): Code {
  const [rest, low] = [value >> 7n, Number(value & 0x7fn)];
  return (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0) ? [low] : [low | 0x80, ...signed64(rest)];
}
