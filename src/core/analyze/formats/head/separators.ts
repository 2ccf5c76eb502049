import { isArrow, isSeparator } from './word.ts';

const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const COMMA = 0x2c;
const PIPE = 0x7c;
const DASH = 0x2d;
const SEMICOLON = 0x3b;

/** What stands between two tokens of a head. */
export class HeadSeparators {
  /** Whether a bar, a dash or an arrow was among the last ones. */
  isMarked = false;
  hasTab = false;

  /** Answers the position behind the separators at `position`; some only count behind a time. */
  skip(bytes: Uint8Array, position: number, end: number, hasTime: boolean): number {
    this.isMarked = false;
    this.hasTab = false;
    let i = position;
    for (; i < end; i++) {
      const byte = bytes[i];
      if (byte === SPACE || byte === COLON || byte === COMMA || (byte === SEMICOLON && hasTime)) continue;
      if (byte === TAB) this.hasTab = true;
      else if (byte === PIPE || (byte === DASH && isSeparator(bytes, i, end))) this.isMarked = true;
      else if (hasTime && isArrow(bytes, i, end)) {
        this.isMarked = true;
        i += 2;
      } else break;
    }
    return i;
  }
}
