const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The position of the quote that closes the string whose first byte is at `position`, or -1. */
export function closingQuote(bytes: Uint8Array, position: number, end: number): number {
  for (let i = position; i < end; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) return i;
    if (byte === BACKSLASH) i++;
  }
  return -1;
}

/** The position behind the value that begins at `position`, or -1 when it does not end. */
export function valueEnd(bytes: Uint8Array, position: number, end: number): number {
  const first = bytes[position];
  if (first === QUOTE) {
    const quote = closingQuote(bytes, position + 1, end);
    return quote === -1 ? -1 : quote + 1;
  }
  if (first !== 0x7b && first !== 0x5b) return scalarEnd(bytes, position, end);
  let depth = 0;
  for (let i = position; i < end; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      i = closingQuote(bytes, i + 1, end);
      if (i === -1) return -1;
    } else if (byte === 0x7b || byte === 0x5b) depth++;
    else if (byte === 0x7d || byte === 0x5d) {
      depth--;
      if (depth === 0) return i + 1;
    }
  }
  return -1;
}

/** The position of the first byte that is no white space. */
export function skipSpace(bytes: Uint8Array, position: number, end: number): number {
  let i = position;
  while (i < end) {
    const byte = bytes[i];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) break;
    i++;
  }
  return i;
}

/** The whole number that is `bytes[start, end)`, with or without quotes; -1 when it is none or negative. Fractions are cut off. */
export function wholeNumber(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  let last = end;
  if (bytes[i] === QUOTE) {
    i++;
    last--;
  }
  let value = 0;
  const first = i;
  while (i < last) {
    const digit = (bytes[i] ?? 0) - 48;
    if (digit >>> 0 > 9) break;
    value = value * 10 + digit;
    i++;
  }
  if (i === first) return -1;
  if (i < last && bytes[i] === 0x2e) while (++i < last && ((bytes[i] ?? 0) - 48) >>> 0 <= 9);
  return i === last ? value : -1;
}

function scalarEnd(bytes: Uint8Array, position: number, end: number): number {
  let i = position;
  while (i < end) {
    const byte = bytes[i];
    if (byte === 0x2c || byte === 0x7d || byte === 0x5d || byte === 0x20 || byte === 0x09) break;
    i++;
  }
  return i === position ? -1 : i;
}
