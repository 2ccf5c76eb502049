import type { Shape } from './recent-shapes.ts';

/** Of a record so many bytes, so many lines, and so many bytes of its last line make its pattern. */
export const HEAD_BYTES = 2_048;
export const HEAD_LINES = 8;
export const TAIL_BYTES = 300;

/** Letters, `_`, `-` and what is not ASCII make words: 1, or 2 for digits. */
const WORD = Uint8Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte);
  return /\d/.test(char) ? 2 : /[A-Za-z_-]/.test(char) || byte >= 0x80 ? 1 : 0;
});
const VARIABLE_WORD = 0x9e3779b9;
const PRIME = 0x01000193;
const SECOND_PRIME = 0x85ebca6b;
const NEWLINE = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const BRACE = 0x7b;

/**
 * What records have in common which differ only in words with digits (times, numbers, identifiers), in the frames of a stack trace, and in
 * what its exceptions say: most records of a log have one of few such shapes, so that hardly any need be looked at more closely. Further
 * lines of the record begin with a space.
 */
export function recordShape(bytes: Uint8Array, start: number, end: number): Shape {
  const headEnd = Math.min(end, start + HEAD_BYTES);
  // An object may be written over many lines.
  const lineEnd = bytes[start] === BRACE ? headEnd : endOfLine(bytes, start, headEnd);
  const hash = new ShapeHash();
  hash.add(bytes, start, lineEnd);
  let line = lineEnd + 1;
  for (let count = 1; line < headEnd && count < HEAD_LINES; count++) {
    const next = endOfLine(bytes, line, headEnd);
    addClass(hash, bytes, line, next);
    line = next + 1;
  }
  if (line < end) addClass(hash, bytes, Math.max(line, startOfLastLine(bytes, line, end)), end);
  return hash;
}

/** What stands before the colon of a line that is not indented: the class of an exception. */
function addClass(hash: ShapeHash, bytes: Uint8Array, line: number, end: number): void {
  const first = bytes[line + 1];
  if (bytes[line] !== SPACE || first === SPACE || first === TAB) return;
  let colon = line + 1;
  while (colon < end && bytes[colon] !== COLON) colon++;
  hash.add(bytes, line, colon);
}

function endOfLine(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && bytes[i] !== NEWLINE) i++;
  return i;
}

function startOfLastLine(bytes: Uint8Array, start: number, end: number): number {
  let i = end;
  while (i > start && bytes[i - 1] !== NEWLINE) i--;
  return i;
}

/** Two hashes of 32 bits side by side over words and what separates them. */
class ShapeHash implements Shape {
  low = 0x811c9dc5 | 0;
  high = 0x050c5d1f;

  add(bytes: Uint8Array, start: number, end: number): void {
    let [low, high, word] = [this.low, this.high, 0];
    let hasDigit = false;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] ?? 0;
      const kind = WORD[byte] ?? 0;
      if (kind !== 0) {
        word = Math.imul(word ^ byte, PRIME);
        if (kind === 2) hasDigit = true;
        continue;
      }
      const value = (hasDigit ? VARIABLE_WORD : word) ^ byte;
      low = Math.imul(low ^ value, PRIME);
      high = Math.imul(high ^ value ^ (low >>> 15), SECOND_PRIME);
      word = 0;
      hasDigit = false;
    }
    const value = (hasDigit ? VARIABLE_WORD : word) ^ NEWLINE;
    this.low = Math.imul(low ^ value, PRIME);
    this.high = Math.imul(high ^ value ^ (low >>> 15), SECOND_PRIME);
  }
}
