import { beginsWith } from '../head/word.ts';
import { KEY, keyKind } from './key.ts';
import { closingQuote, skipSpace, valueEnd, wholeNumber } from './scan.ts';

/** So many objects inside of each other are looked into: a line can hold thousands. */
export const DEEPEST = 8;

const QUOTE = 0x22;

/** The status in an object that describes a response, or in the response inside of it. */
export function statusIn(bytes: Buffer, start: number, end: number, depth = 0): number {
  if (depth === DEEPEST) return 0;
  let position = skipSpace(bytes, start + 1, end);
  while (position < end && bytes[position] === QUOTE) {
    const keyEnd = closingQuote(bytes, position + 1, end);
    if (keyEnd === -1) return 0;
    const value = skipSpace(bytes, skipSpace(bytes, keyEnd + 1, end) + 1, end);
    const last = valueEnd(bytes, value, end);
    if (last === -1) return 0;
    const kind = keyKind(bytes, position + 1, keyEnd);
    let status = 0;
    if (kind === KEY.status || kind === KEY.maybeStatus || kind === KEY.code) status = statusOf(bytes, value, last);
    else if ((kind === KEY.response || kind === KEY.answer) && bytes[value] === 0x7b)
      status = statusIn(bytes, value, last, depth + 1);
    if (status !== 0) return status;
    position = skipSpace(bytes, last, end);
    if (bytes[position] !== 0x2c) return 0;
    position = skipSpace(bytes, position + 1, end);
  }
  return 0;
}

/** A value that is a status, else 0. */
export function statusOf(bytes: Buffer, start: number, end: number): number {
  const isWithReason = end - start > 6 && end - start < 40 && bytes[start + 4] === 0x20 && isCapital(bytes[start + 5]); // `"404 Not Found"`
  const status = isWithReason ? wholeNumber(bytes, start + 1, start + 4) : wholeNumber(bytes, start, end);
  return status >= 100 && status <= 599 ? status : 0;
}

/** Whether a value is a path or an address. */
export function isPlace(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] === QUOTE ? start + 1 : start;
  return first < end && (bytes[first] === 0x2f || beginsWith(bytes, first, end, 'http'));
}

function isCapital(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x41 && byte <= 0x5a;
}
