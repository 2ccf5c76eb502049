import type { Level } from '../../model/log-line.ts';
import { levelOfWord, NO_WORD } from '../level-word.ts';
import { readBracket } from './head-bracket.ts';
import { skipColour } from './head-colour.ts';
import { readLetter } from './head-letter.ts';
import { isMarkedLevel } from './head-marked.ts';
import { isBeforeLevel, isName, isNameWithLevel, levelInName } from './head-name.ts';
import { levelOfProgram } from './head-program.ts';
import {
  beginsWith,
  caseOf,
  indexOfByte,
  isDateWord,
  isDigit,
  isLetter,
  isSeparator,
  isSeparatorByte,
  isTimeNumber,
  isZone,
  numberEnd,
  wordEnd,
} from './head-word.ts';
import { levelOfWrapped } from './head-wrapped.ts';
import { KEY, keyKind } from './json-key.ts';

const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const PIPE = 0x7c;
const DASH = 0x2d;
const OPEN = 0x5b;
const SEMICOLON = 0x3b;
const COMMA = 0x2c;
const MAX_TOKENS = 12;
const MAX_BRACKET = 100;
const MAX_NUMBER = 40;
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
  /** Whether the bytes in front of the message alone decided, whatever digits they hold. */
  isDecided = true;
  /** Whether the message's first byte ends the level, as in `INFO[0003]`: that byte decided, too. */
  isOpen = false;
  readonly #bytes: Buffer;
  readonly #end: number;
  #position = 0;
  #hasTime = false;
  #isSyslog = false;
  #behindBracket = false;
  #behindTime = false;
  #behindSeparator = false;
  #behindTab = false;
  #behindProgram = false;
  #numbers = 0;
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
      else if (byte === PIPE || (byte === DASH && isSeparator(this.#bytes, position, this.#end))) this.#behindSeparator = true;
      else if (byte !== COLON && byte !== COMMA && !(byte === SEMICOLON && this.#hasTime)) break;
    }
    this.#position = position;
  }

  #readToken(): Verdict {
    const byte = this.#bytes[this.#position];
    if (this.#position >= this.#end || byte === undefined) return 0;
    if (isDigit(byte)) return this.#readNumber();
    if (isLetter(byte)) return this.#readWord();
    if (byte === OPEN) return this.#readBrackets();
    if (byte === 0x28) return this.#skipTo(0x29);
    if (byte === 0x7b) return this.#bytes[this.#position + 1] === 0x22 ? this.#readWrapped() : this.#skipTo(0x7d);
    if (byte === 0x3c) return this.#readAngle();
    if (byte === 0x2a && this.#hasTime) return this.#levelUntil(0x2a);
    if (byte === 0x23 && isDigit(this.#bytes[this.#position + 1])) return this.#readNumber();
    if (byte === 0x5c || byte === 0x23 || byte === 0x5e) return this.#skipColour();
    if ((byte === 0x2b || byte === DASH) && isDigit(this.#bytes[this.#position + 1])) return this.#readNumber();
    if (byte === 0x2e && this.#hasTime) return this.#readName(this.#position, wordEnd(this.#bytes, this.#position, this.#end)); // Gitea's `...es/context.go:1`
    return 0;
  }

  #readNumber(): Verdict {
    const start = this.#position;
    const position = numberEnd(this.#bytes, start, this.#end);
    if (position - start > MAX_NUMBER) return 0;
    const isTime = isTimeNumber(this.#bytes, start, position, this.#tokens === 0);
    if (isTime) this.#hasTime = true;
    return this.#passed(position, isTime ? 'time' : 'number');
  }

  #passed(position: number, what: 'time' | 'number' | 'bracket' | 'name'): typeof ON {
    this.#position = position;
    this.#behindBracket = what === 'bracket';
    this.#behindTime = what === 'time';
    this.#behindProgram = false;
    if (what === 'number') this.#numbers++;
    return ON;
  }

  #closing(close: number): number {
    const from = this.#position + 1;
    return indexOfByte(this.#bytes, close, from, Math.min(this.#end, from + MAX_BRACKET));
  }

  #skipTo(close: number): Verdict {
    const closing = this.#closing(close);
    if (closing === -1) return 0;
    const level = close === 0x29 ? this.#levelUntil(close) : 0;
    if (level !== 0) return level;
    return this.#passed(closing + 1, 'bracket');
  }

  #readWrapped(): Level {
    this.isDecided = false;
    return levelOfWrapped(this.#bytes, this.#position, this.#end);
  }

  /** `(INFO)` and Sling's `*INFO*`. */
  #levelUntil(close: number): Level {
    const closing = this.#closing(close);
    const level = closing === -1 ? NO_WORD : levelOfWord(this.#bytes, this.#position + 1, closing);
    return level === NO_WORD || closing + 1 >= this.#end ? 0 : this.#found(closing + 1, level);
  }

  #skipColour(): Verdict {
    const behind = skipColour(this.#bytes, this.#position, this.#end);
    if (behind === this.#position) return 0;
    this.#position = behind;
    this.isDecided = false;
    if (this.#tokens === 0) this.#tokens--; // the level may still stand first
    return ON;
  }

  #readBrackets(): Verdict {
    if (isDigit(this.#bytes[this.#position + 1]) && skipColour(this.#bytes, this.#position, this.#end) > this.#position)
      return this.#skipColour();
    const closing = this.#closing(0x5d);
    if (closing === -1 || (this.#behindProgram && closing + 1 >= this.#end)) return 0;
    const place = { afterTime: this.#hasTime, isFirst: this.#tokens === 0 };
    const bracket = readBracket(this.#bytes, this.#position + 1, closing, place);
    if (bracket.isTime) this.#hasTime = true;
    const isProcess = this.#bytes[closing + 1] === COLON && isDigit(this.#bytes[closing - 1]); // `kubelet[812]: `
    if (this.#names > 0 && this.#hasTime && isProcess) this.#isSyslog = true;
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
    if (this.#bytes[start + 1] === 0x2f) {
      const tagged = this.#readLetter(start); // logcat's `I/Tag: `
      if (tagged !== 0) return tagged;
    }
    const end = wordEnd(this.#bytes, start, this.#end);
    if (end === -1) return 0;
    if (end - start === 1) return this.#readLetter(start);
    const level = levelOfWord(this.#bytes, start, end);
    if (level !== NO_WORD && this.#isLevelPlace(start, end)) return this.#found(end, level);
    if (this.#isSyslog && this.#names > 0) {
      const wrapped = this.#readWrapped();
      if (wrapped !== 0) return wrapped;
    }
    if (isDateWord(this.#bytes, start, end)) {
      this.#hasTime = true;
      this.#isSyslog = this.#tokens === 0;
      return this.#passed(end, 'time');
    }
    if (this.#behindTime && isZone(this.#bytes, start, end)) {
      return this.#passed(end, 'time');
    }
    if (level !== NO_WORD) return this.#tokens === 0 ? (Math.max(0, this.#levelInName(start, end)) as Level) : 0; // a Level once NO_WORD is 0
    return this.#readName(start, end);
  }

  #found(position: number, level: Level): Level {
    this.isOpen = !isSeparatorByte(this.#bytes[position]);
    this.#position = position;
    return level;
  }

  /** Whether a level word at `[start, end)` stands where heads have their level. */
  #isLevelPlace(start: number, end: number): boolean {
    const bytes = this.#bytes;
    const next = end < this.#end ? bytes[end] : SPACE;
    const spelling = caseOf(bytes, start, end);
    const isPlaced = this.#tokens === 0 || this.#hasTime || this.#behindBracket || this.#behindSeparator;
    if (!isPlaced) return this.#behindProgram && next === COLON;
    if (next === COMMA) return spelling === 'upper' && bytes[start - 1] === COMMA;
    if (spelling === 'upper') return next !== 0x28 && next !== 0x22 && next !== 0x21;
    this.isDecided = false;
    return isMarkedLevel(bytes, start, end, {
      end: this.#end,
      spelling,
      isFirst: this.#tokens === 0,
      isSyslog: this.#isSyslog,
      hasTime: this.#hasTime,
      behindTime: this.#behindTime,
      behindSeparator: this.#behindSeparator,
      behindTab: this.#behindTab,
    });
  }

  #readLetter(start: number): Level {
    this.isDecided = false;
    const place = {
      isFirst: this.#tokens === 0,
      hasTime: this.#hasTime,
      numbers: this.#numbers,
      behindSeparator: this.#behindSeparator,
    };
    const found = readLetter(this.#bytes, start, this.#end, place);
    return found === null ? 0 : this.#found(found.messageStart, found.level);
  }

  /** A word that is no level: a name in front of the level, or the first word of the message. */
  #readName(start: number, end: number): Verdict {
    if (end === -1) return 0;
    const own = this.#levelInName(start, end);
    if (own !== NO_WORD) return this.#found(end, own);
    if (!this.#hasTime && !this.#behindBracket) return this.#readProgram(start, end);
    const equals = indexOfByte(this.#bytes, 0x3d, start, end);
    if (equals > start) {
      const level = keyKind(this.#bytes, start, equals) === KEY.level ? levelOfWord(this.#bytes, equals + 1, end) : NO_WORD;
      if (level !== NO_WORD) return this.#found(end, level);
    } else if (++this.#names > MAX_NAMES || !this.#isName(start, end)) return 0;
    return this.#passed(end, 'name');
  }

  #isName(start: number, end: number): boolean {
    if (isName(this.#bytes, start, end, this.#end) || (this.#isSyslog && this.#names === 1)) return true;
    return this.#hasTime && isBeforeLevel(this.#bytes, start, end, this.#end);
  }

  /** `nginx: [warn] ...`, `psql: error: ...`: a program's name first in the line, which only a marked level may follow. */
  #readProgram(start: number, end: number): Verdict {
    if (this.#tokens > 0) return 0;
    const isProgram = beginsWith(this.#bytes, end, this.#end, ': ') && caseOf(this.#bytes, start, end) === 'lower';
    if (!isProgram && !isNameWithLevel(this.#bytes, end, this.#end)) return 0;
    this.#passed(end, 'name');
    this.#behindProgram = isProgram;
    return ON;
  }

  #levelInName(start: number, end: number): Level | typeof NO_WORD {
    const place = { isFirst: this.#tokens === 0, hasTime: this.#hasTime, behindBracket: this.#behindBracket };
    const own = levelInName(this.#bytes, start, end, place.behindBracket && place.hasTime);
    if (own !== NO_WORD) return own;
    const program = levelOfProgram(this.#bytes, start, this.#end, place);
    if (program !== NO_WORD) this.isDecided = false;
    return program;
  }
}
