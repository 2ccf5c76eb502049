import type { Level } from '../../../model/log-line.ts';
import { NO_WORD } from '../../level-word.ts';
import { beginsWith, indexOfByte, isDigit, isLetter, levelOfCapitals } from './word.ts';

const COLON = 0x3a;
/** How long the rest of a prefix may be. */
const SEARCHED = 200;

/**
 * The level behind the rest of a `log_line_prefix`, which begins at `start`, and where it ends: PostgreSQL puts two blanks behind the colon of
 * the level, and the first such place in the line is that one.
 */
export function levelBehindPrefix(bytes: Buffer, start: number, end: number): { level: Level; end: number } | null {
  const limit = Math.min(end, start + SEARCHED);
  for (let colon = indexOfByte(bytes, COLON, start, limit); colon !== -1; colon = indexOfByte(bytes, COLON, colon + 1, limit)) {
    if (!beginsWith(bytes, colon, end, ':  ')) continue;
    let word = colon;
    while (word > start && (isLetter(bytes[word - 1]) || isDigit(bytes[word - 1]))) word--;
    const level = colon - word === 3 && beginsWith(bytes, word, colon, 'LOG') ? 3 : levelOfCapitals(bytes, word, colon);
    return level === NO_WORD ? null : { level, end: colon };
  }
  return null;
}
