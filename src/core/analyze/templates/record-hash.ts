/** Of a record so many bytes, and so many at its end, make its pattern. */
export const HEAD_BYTES = 2_048;
export const TAIL_BYTES = 300;

/** Letters, digits, `_`, `-` and what is not ASCII make words: 1, or 2 for digits. */
const WORD = Uint8Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte);
  return /\d/.test(char) ? 2 : /[A-Za-z_-]/.test(char) || byte >= 0x80 ? 1 : 0;
});
const VARIABLE_WORD = 0x9e3779b9;
const PRIME = 0x01000193;
const SECOND_PRIME = 0x85ebca6b;

/**
 * A number that records have in common which differ only in words with digits: times, numbers, identifiers. Most records of a log have one of few
 * such shapes, so that hardly any need be looked at more closely. 53 bits; `seed` keeps apart what must not be mixed.
 */
export function recordHash(bytes: Uint8Array, start: number, end: number, seed: number): number {
  const isWhole = end - start <= HEAD_BYTES + TAIL_BYTES;
  let low = Math.imul(seed ^ 0x811c9dc5, PRIME);
  let high = Math.imul(seed ^ 0x050c5d1f, SECOND_PRIME);
  let word = 0;
  let hasDigit = false;
  for (let i = start; i < end; i++) {
    if (!isWhole && i === start + HEAD_BYTES) i = end - TAIL_BYTES;
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
  const value = hasDigit ? VARIABLE_WORD : word;
  low = Math.imul(low ^ value, PRIME) >>> 0;
  high = Math.imul(high ^ value ^ (low >>> 15), SECOND_PRIME) >>> 0;
  return (high & 0x1fffff) * 0x100000000 + low;
}
