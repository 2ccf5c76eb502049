/** Bytes of WebAssembly code. */
export type Code = readonly number[];

export const I32 = 0x7f;
export const V128 = 0x7b;
const EMPTY_BLOCK = 0x40;

/** The part of the standard's interface that is used here. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> };
};

/** A program with one function, of one integer and to one integer, and a memory. */
export interface Program {
  readonly pages: number;
  /** Groups of locals behind the parameter: how many of which type. */
  readonly locals: readonly (readonly [number, number])[];
  readonly code: Code;
}

export interface Running {
  readonly buffer: ArrayBuffer;
  readonly run: (argument: number) => number;
}

export function instantiate({ pages, locals, code }: Program): Running {
  const groups = locals.flatMap(([count, type]) => [...unsigned(count), type]);
  const body = [...unsigned(locals.length), ...groups, ...code, 0x0b];
  const text = (name: string) => [name.length, ...Buffer.from(name)];
  const section = (id: number, content: Code) => [id, ...unsigned(content.length), ...content];
  const bytes = Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, 1, I32, 1, I32]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0x00, pages]),
    ...section(7, [2, ...text('memory'), 0x02, 0, ...text('run'), 0x00, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  // What the module exports under these names, as written above.
  const { buffer } = exports['memory'] as { readonly buffer: ArrayBuffer };
  return { buffer, run: exports['run'] as Running['run'] };
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

/** An operation on vectors. */
export function simd(operation: number): Code {
  return [0xfd, ...unsigned(operation)];
}

/** A vector of 16 equal bytes. */
export function splat(byte: number): Code {
  return [...simd(0x0c), ...new Array<number>(16).fill(byte)];
}

export function loadVector(offset: number): Code {
  return [...simd(0x00), 0, ...unsigned(offset)];
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
