import type { Level } from '../../../model/log-line.ts';
import { levelOfLetter, levelOfWord, NO_WORD } from '../../level-word.ts';
import { beginsWith } from '../head/word.ts';
import { closingQuote, skipSpace } from './scan.ts';

const QUOTE = 0x22;

/** The level that a value names; padding, brackets and colour codes do not matter. */
export function wordOf(bytes: Buffer, start: number, end: number): Level {
  if (bytes[start] !== QUOTE || end - start > 64) return 0;
  if (end - start === 5 && beginsWith(bytes, start + 1, end, 'LOG')) return 3; // PostgreSQL
  const level = levelOfWord(bytes, start + 1, end - 1);
  if (level !== NO_WORD) return level;
  const letter = end - start === 3 ? levelOfLetter(bytes[start + 1] ?? 0) : NO_WORD;
  if (letter !== NO_WORD) return letter;
  const bare = bytes
    .toString('latin1', start + 1, end - 1)
    .replace(/(?:\\u001[bB]|\\x1[bB]|\\e|\\033)\[[0-9;]*m/g, '')
    .replace(/^[\s[<(]+|[\s\]>):]+$/g, '');
  const word = levelOfWord(Buffer.from(bare, 'latin1'), 0, bare.length);
  return word === NO_WORD ? 0 : word;
}

/** The level that the first string of an array names, when it is written as Kibana's tags are. */
export function firstWordOf(bytes: Buffer, start: number, end: number): Level {
  const first = skipSpace(bytes, start + 1, end);
  const last = bytes[first] === QUOTE ? closingQuote(bytes, first + 1, end) : -1;
  return last === -1 ? 0 : wordOf(bytes, first, last + 1);
}

export function mysqlWordOf(bytes: Buffer, start: number, end: number): Level {
  const isInfo = beginsWith(bytes, start, end, '"System"') || beginsWith(bytes, start, end, '"Note"');
  return isInfo ? 3 : wordOf(bytes, start, end);
}
