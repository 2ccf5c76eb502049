import { isDigit } from './word.ts';

/** Colour codes whose escape character was written out, or lost on the way. */
const CODE = /^(?:\\u001[bB]|\\x1[bB]|\\e|\\033|#033|\^\[)?\[[\d;]*m/;

/** The position behind colour codes in text (`\u001b[31m`, `\x1b[0m`, `[31m`) at `position`; `position` when none stands there. */
export function skipColour(bytes: Buffer, position: number, end: number): number {
  let i = position;
  while (i < end && mayBeColour(bytes, i)) {
    const code = CODE.exec(bytes.toString('latin1', i, Math.min(end, i + 24)));
    if (code === null) return i;
    i += code[0].length;
  }
  return i;
}

function mayBeColour(bytes: Uint8Array, i: number): boolean {
  if (bytes[i] === 0x5b)
    return isDigit(bytes[i + 1]) && (bytes[i + 2] === 0x6d || bytes[i + 3] === 0x6d || bytes[i + 2] === 0x3b);
  return bytes[i] === 0x5c || bytes[i] === 0x23 || bytes[i] === 0x5e;
}
