import type { Level } from '../../model/log-line.ts';
import { levelOfLetter, levelOfWord, NO_WORD } from '../level-word.ts';
import { readBracket } from './head-bracket.ts';
import { levelOfProgram } from './head-program.ts';
import {
  beginsWith,
  caseOf,
  indexOfByte,
  isDateWord,
  isDigit,
  isLetter,
  isLevelBeforeColon,
  isZone,
  levelOfCapitals,
  skipBlanks,
} from './head-word.ts';
import { KEY, keyKind } from './json-key.ts';

const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const PIPE = 0x7c;
const DASH = 0x2d;
const OPEN = 0x5b;
const MAX_TOKENS = 12;
const MAX_BRACKET = 100;
const MAX_WORD = 120;
/** Host, process, thread or logger names that may stand before the level. */
const MAX_NAMES = 2;

/** The next token is to be read. */
const ON = -2;
type Verdict = Level | typeof ON;

/**
 * Reads the head of one text line token by token, until the level or the message begins. A level word counts only in a place
 * where heads have it: first in the line, behind a time, behind brackets, or between separators.
 */
export class HeadReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #position = 0;
  #hasTime = false;
  #isSyslog = false;
  #behindBracket = false;
  #behindTime = false;
  #behindSeparator = false;
  #behindTab = false;
  #tokens = 0;
  #names = 0;

  constructor(bytes: Buffer, end: number) {
    this.#bytes = bytes;
    this.#end = end;
  }

  /** The level in the head of the line that begins at `start`; 0 when none stands there. */
  read(start: number): Level {
    this.#position = start;
    for (; this.#tokens < MAX_TOKENS; this.#tokens++) {
      if (this.#tokens > 0) this.#skipSeparators();
      const verdict = this.#readToken();
      if (verdict !== ON) return verdict;
    }
    return 0;
  }

  /** Where the message begins, after `read`. */
  messageStart(): number {
    this.#skipSeparators();
    return this.#position;
  }

  #skipSeparators(): void {
    this.#behindSeparator = false;
    this.#behindTab = false;
    let position = this.#position;
    for (; position < this.#end; position++) {
      const byte = this.#bytes[position];
      if (byte === SPACE) continue;
      if (byte === TAB) this.#behindTab = true;
      else if (byte === PIPE || (byte === DASH && this.#isBlankOrDash(position + 1))) this.#behindSeparator = true;
      else if (byte !== COLON && byte !== 0x2c) break;
    }
    this.#position = position;
  }

  #isBlankOrDash(position: number): boolean {
    const byte = this.#bytes[position];
    return byte === SPACE || byte === TAB || byte === DASH || position >= this.#end;
  }

  #readToken(): Verdict {
    const byte = this.#bytes[this.#position];
    if (this.#position >= this.#end || byte === undefined) return 0;
    if (isDigit(byte)) return this.#readNumber();
    if (isLetter(byte)) return this.#readWord();
    if (byte === OPEN) return this.#readBrackets();
    if (byte === 0x28) return this.#skipTo(0x29);
    if (byte === 0x7b) return this.#skipTo(0x7d);
    if (byte === 0x3c) return this.#readAngle();
    if ((byte === 0x2b || byte === DASH) && isDigit(this.#bytes[this.#position + 1])) return this.#readNumber();
    if (byte === 0x2e && this.#hasTime) return this.#readName(this.#position, this.#wordEnd(this.#position)); // Gitea's `...es/context.go:1`
    return 0;
  }

  #readNumber(): Verdict {
    const bytes = this.#bytes;
    const start = this.#position;
    let marks = 0;
    let position = start + 1;
    for (; position < this.#end; position++) {
      const byte = bytes[position];
      if (byte === SPACE || byte === TAB || byte === PIPE || byte === OPEN || byte === 0x22) break;
      if (byte === COLON || byte === DASH || byte === 0x2f || byte === 0x2e) marks++;
    }
    if (position - start > 40) return 0;
    const isTime = marks > 0 && position - start >= 5;
    if (isTime) this.#hasTime = true;
    this.#passed(position, isTime ? 'time' : 'number');
    return ON;
  }

  #passed(position: number, what: 'time' | 'number' | 'bracket' | 'name'): void {
    this.#position = position;
    this.#behindBracket = what === 'bracket';
    this.#behindTime = what === 'time';
  }

  #closing(close: number): number {
    const limit = Math.min(this.#end, this.#position + MAX_BRACKET);
    for (let i = this.#position + 1; i < limit; i++) if (this.#bytes[i] === close) return i;
    return -1;
  }

  #skipTo(close: number): Verdict {
    const closing = this.#closing(close);
    if (closing === -1) return 0;
    this.#passed(closing + 1, 'bracket');
    return ON;
  }

  #readBrackets(): Verdict {
    const closing = this.#closing(0x5d);
    if (closing === -1) return 0;
    const bracket = readBracket(this.#bytes, this.#position + 1, closing, this.#hasTime);
    if (bracket.isTime) this.#hasTime = true;
    this.#passed(closing + 1, 'bracket');
    return bracket.level === NO_WORD ? ON : bracket.level;
  }

  /** ClickHouse's `<Information>`, and Erlang's `<0.1.0>`; anything else is markup. */
  #readAngle(): Verdict {
    const closing = this.#closing(0x3e);
    if (closing === -1 || !this.#hasTime) return 0;
    const level = levelOfWord(this.#bytes, this.#position + 1, closing);
    if (level === NO_WORD && !isDigit(this.#bytes[this.#position + 1])) return 0;
    this.#passed(closing + 1, 'bracket');
    return level === NO_WORD ? ON : level;
  }

  #readWord(): Verdict {
    const start = this.#position;
    const end = this.#wordEnd(start);
    if (end === -1) return 0;
    if (end - start === 1) return this.#readLetter(start);
    const level = levelOfWord(this.#bytes, start, end);
    if (level !== NO_WORD && this.#isLevelPlace(start, end)) return this.#found(end, level);
    if (isDateWord(this.#bytes, start, end)) {
      this.#hasTime = true;
      this.#isSyslog = this.#tokens === 0;
      this.#passed(end, 'time');
      return ON;
    }
    if (this.#behindTime && isZone(this.#bytes, start, end)) {
      this.#passed(end, 'time');
      return ON;
    }
    if (level !== NO_WORD) return 0;
    return this.#readName(start, end);
  }

  #found(position: number, level: Level): Level {
    this.#position = position;
    return level;
  }

  #wordEnd(start: number): number {
    const limit = Math.min(this.#end, start + MAX_WORD);
    for (let i = start; i < limit; i++) {
      const byte = this.#bytes[i] ?? 0;
      if (byte <= SPACE || byte === PIPE || byte === OPEN || byte === 0x5d || byte === COLON) return i;
      if (byte === 0x28 || byte === 0x2c || byte === 0x22 || byte === 0x21) return i;
    }
    return limit === this.#end ? limit : -1;
  }

  /** Whether a level word at `[start, end)` stands where heads have their level. */
  #isLevelPlace(start: number, end: number): boolean {
    const bytes = this.#bytes;
    const next = end < this.#end ? bytes[end] : SPACE;
    const spelling = caseOf(bytes, start, end);
    const isPlaced = this.#tokens === 0 || this.#hasTime || this.#behindBracket || this.#behindSeparator;
    if (!isPlaced) return false;
    if (spelling === 'upper') return next !== 0x28 && next !== 0x22 && next !== 0x2c && next !== 0x21;
    if (next === COLON && this.#isBlankOrDash(end + 1)) return isLevelBeforeColon(bytes, start, end);
    const following = skipBlanks(bytes, end, this.#end);
    const isDashed = bytes[following] === DASH && this.#isBlankOrDash(following + 1);
    if (this.#tokens === 0) return isDashed && spelling === 'lower'; // Next.js: `error - ...`
    if (!this.#hasTime) return false;
    if (next === TAB && this.#behindTab) return true;
    if (isDashed || bytes[following] === PIPE) return this.#behindSeparator;
    return spelling === 'lower' && next === SPACE && this.#isSwiftLabel(following);
  }

  /** swift-log: `2026-11-21T14:00:00+0000 info label.of.logger : message`. */
  #isSwiftLabel(position: number): boolean {
    const end = this.#wordEnd(position);
    return end !== -1 && beginsWith(this.#bytes, end, this.#end, ' : ');
  }

  /** Single letters: Ruby's `I, [`, telegraf's `I! `, capnslog's ` I | `, MongoDB's `I NETWORK  [`, TensorFlow's `: I path:12] `. */
  #readLetter(start: number): Verdict {
    const bytes = this.#bytes;
    const level = bytes[start] === 0x41 ? 0 : levelOfLetter(bytes[start] ?? 0); // Ruby writes A for any
    if (level === NO_WORD) return 0;
    if (this.#tokens === 0 && beginsWith(bytes, start + 1, this.#end, ', [')) {
      const label = bytes.subarray(start, Math.min(this.#end, start + 120)).indexOf(' -- ');
      return this.#found(label === -1 ? this.#end : Math.min(this.#end, bytes.indexOf(0x3a, start + label) + 1), level);
    }
    if (!this.#hasTime) return 0;
    if (beginsWith(bytes, start + 1, this.#end, '! ')) return this.#found(start + 3, level);
    if (beginsWith(bytes, start + 1, this.#end, ' | ')) return this.#found(start + 3, level);
    const rest = bytes.toString('latin1', start + 1, Math.min(this.#end, start + 1 + MAX_WORD));
    if (/^ (?:[A-Z_]{2,12} +\[|- {2,}\[|\S+:\d+\] )/.test(rest)) return this.#found(start + 2, level);
    return 0;
  }

  /** A word that is no level: a name in front of the level, or the first word of the message. */
  #readName(start: number, end: number): Verdict {
    if (end === -1) return 0;
    const bytes = this.#bytes;
    const own = this.#levelInName(start, end);
    if (own !== NO_WORD) return this.#found(end, own);
    if (!this.#hasTime && !this.#behindBracket) return 0;
    const equals = indexOfByte(bytes, 0x3d, start, end);
    if (equals > start) {
      const level = keyKind(bytes, start, equals) === KEY.level ? levelOfWord(bytes, equals + 1, end) : NO_WORD;
      if (level !== NO_WORD) return this.#found(end, level);
    } else if (++this.#names > MAX_NAMES || !this.#isName(start, end)) return 0;
    this.#passed(end, 'name');
    return ON;
  }

  /** Levels that only some programs write: `app.ERROR:`, `PHP Warning:`, `npm ERR!`, `LOG:`, `information/Component:`. */
  #levelInName(start: number, end: number): Level | typeof NO_WORD {
    const bytes = this.#bytes;
    if (bytes[end] === COLON) {
      let dot = end - 1;
      while (dot > start && bytes[dot] !== 0x2e) dot--;
      if (dot > start) return levelOfCapitals(bytes, dot + 1, end); // Monolog
    }
    if (this.#behindBracket && this.#hasTime) {
      const slash = indexOfByte(bytes, 0x2f, start, end);
      if (slash > start) return levelOfWord(bytes, start, slash); // Icinga
    }
    return levelOfProgram(bytes, start, this.#end, {
      isFirst: this.#tokens === 0,
      hasTime: this.#hasTime,
      behindBracket: this.#behindBracket,
    });
  }

  #isName(start: number, end: number): boolean {
    const bytes = this.#bytes;
    const next = bytes[end];
    if (next === COLON || next === OPEN) return caseOf(bytes, start, end) !== 'upper';
    const following = skipBlanks(bytes, end, this.#end);
    if (bytes[following] === PIPE || (bytes[following] === DASH && this.#isBlankOrDash(following + 1))) return true;
    if (this.#isSyslog && this.#names === 1) return true;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] ?? 0;
      if (byte === 0x2e || byte === 0x2f || byte === 0x40 || byte === 0x23 || byte === 0x5f || isDigit(byte)) return true;
    }
    return false;
  }
}
