import type { Level } from '../../../model/log-line.ts';
import { HeadSeparators } from './separators.ts';
import { indexOfByte, isSeparatorByte } from './word.ts';
import { levelOfWrapped } from './wrapped.ts';

/** What a token of a head tells: the line's level (0 where the message begins without one), or that the next token is to be read. */
export const ON = -2;
export type Verdict = Level | typeof ON;

const MAX_BRACKET = 100;

/** How far the head of one line has been read, and what stood in it. */
export class HeadCursor {
  readonly bytes: Buffer;
  /** Of the line. */
  readonly end: number;
  position: number;
  level: Level = 0;
  /** Whether the bytes in front of the message alone decided, whatever digits they hold. */
  isDecided = true;
  /** Whether the message's first byte ends the level, as in `INFO[0003]`: that byte decided, too. */
  isOpen = false;
  hasTime = false;
  isSyslog = false;
  /** The line is a list of quoted fields. */
  isQuoted = false;
  behindBracket = false;
  behindTime = false;
  behindNumber = false;
  behindProgram = false;
  readonly separators = new HeadSeparators();
  tokens = 0;
  numbers = 0;
  names = 0;
  /** Where the rest of what may be a `log_line_prefix` of PostgreSQL begins; -1 where the line begins otherwise. */
  prefixStart = -1;
  /** Where the first `key=value` is. */
  firstPair = -1;

  constructor(bytes: Buffer, start: number, end: number) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  skipSeparators(): void {
    this.position = this.separators.skip(this.bytes, this.position, this.end, this.hasTime);
  }

  /** Where the message begins, or what stands in its place; once the head is read. */
  messageStart(): number {
    this.skipSeparators();
    return this.level === 0 && this.firstPair !== -1 ? this.firstPair : this.position;
  }

  /** A token without the level ends at `position`. */
  passed(position: number, what: 'time' | 'number' | 'bracket' | 'name'): typeof ON {
    this.position = position;
    this.behindBracket = what === 'bracket';
    this.behindTime = what === 'time';
    this.behindProgram = false;
    this.behindNumber = what === 'number';
    if (what === 'number') this.numbers++;
    return ON;
  }

  /** The level ends at `position`. */
  found(position: number, level: Level): Level {
    this.isOpen = !isSeparatorByte(this.bytes[position]);
    this.position = position;
    return level;
  }

  /** The position of the byte that closes what begins here, or -1. */
  closing(close: number): number {
    const from = this.position + 1;
    return indexOfByte(this.bytes, close, from, Math.min(this.end, from + MAX_BRACKET));
  }

  /** At most `length` bytes of the line, from `position` on. */
  textAt(position: number, length: number): string {
    return this.bytes.toString('latin1', position, Math.min(this.end, position + length));
  }

  /** The level of a record of another format that begins here. */
  readWrapped(): Level {
    this.isDecided = false;
    return levelOfWrapped(this.bytes, this.position, this.end);
  }
}
