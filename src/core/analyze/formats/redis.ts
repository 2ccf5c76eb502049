import { DIGITS, type Format } from './format.ts';
import { isDigit } from './head/word.ts';

/** `1:M 21 Nov 2026 14:00:00.123 * Ready to accept connections`. */
export const redis: Format = {
  name: 'redis',
  description: 'Redis, Valkey, KeyDB and Sentinel',
  first: DIGITS,
  isRuledOut: (bytes, start) => roleBehind(bytes, start) === -1,
  parse(bytes, start, end, facts) {
    const position = roleBehind(bytes, start);
    if (position === -1) return false;
    // Behind the role: day, month, year (missing in old versions) and time.
    let fields = 0;
    for (let i = position + 3; i + 1 < end && fields < 5; i++) {
      if (bytes[i] !== 0x20) continue;
      fields++;
      if (fields >= 3 && bytes[i + 2] === 0x20) {
        const level = levelOfMark(bytes[i + 1]);
        if (level === 0) return false;
        facts.level = level;
        facts.status = 0;
        return true;
      }
    }
    return false;
  },
};

function levelOfMark(mark: number | undefined): 0 | 2 | 3 | 4 {
  return mark === 0x2a ? 3 : mark === 0x23 ? 4 : mark === 0x2d || mark === 0x2e ? 2 : 0;
}

/** The position of the colon behind a process id of up to ten digits that a role follows, or -1. */
function roleBehind(bytes: Uint8Array, start: number): number {
  let position = start;
  while (position < start + 10 && ((bytes[position] ?? 0) - 48) >>> 0 <= 9) position++;
  if (bytes[position] === 0x3a && isDigit(bytes[position + 1]))
    do position++;
    while (position < start + 20 && isDigit(bytes[position])); // KeyDB's thread
  return bytes[position] === 0x3a && isRole(bytes[position + 1]) && bytes[position + 2] === 0x20 ? position : -1;
}

/** Master, replica, child, sentinel. */
function isRole(byte: number | undefined): boolean {
  return byte === 0x4d || byte === 0x53 || byte === 0x43 || byte === 0x58;
}
