import { levelOfLetter, levelOfWord, NO_WORD } from '../../level-word.ts';
import { type HeadCursor, ON, type Verdict } from './cursor.ts';
import { isLetter, wordEnd } from './word.ts';

const SEARCHED = 48;
const FORMS: readonly RegExp[] = [
  /^##\[(error|warning|notice|debug)\]/, // GitHub's and Azure's runners
  /^::(error|warning|notice|debug)(?: [^:]*)?::/, // what GitHub's runner takes as such
  /^(?:\xe2\x80\xba +)?\xe2[\x80-\xbf]{2}(?:\xef\xb8\x8f)? {1,2}(debug|info|warn|warning|error|fatal) {2}/, // signale: `› ℹ  info      `
];
/** qBittorrent: `(W) 2026-11-21T14:00:00 - `. */
const LETTER_AND_DATE = /^\(([A-Z])\) \d{4}-\d\d-\d\d[T ]/;
const SHELL = /\/[a-z]{0,3}sh$/;
const BEHIND_PATH = /^: (info|warning|error|fatal): /;

/** The level behind a sign that begins the line, or follows its time or a bracket. */
export function readSign(head: HeadCursor): Verdict {
  if (head.tokens > 0 && !head.behindTime && !head.behindBracket) return 0;
  const text = head.textAt(head.position, SEARCHED);
  for (const form of FORMS) {
    const [sign = '', word] = form.exec(text) ?? [];
    if (word !== undefined) return found(head, head.position + sign.length, word);
  }
  return 0;
}

/** The level in the parentheses that begin a line, in front of a date; else nothing is told. */
export function readLetterBeforeDate(head: HeadCursor): Verdict {
  const [, letter] = LETTER_AND_DATE.exec(head.textAt(head.position, SEARCHED)) ?? [];
  const level = letter === undefined ? NO_WORD : levelOfLetter(letter.charCodeAt(0));
  if (level === NO_WORD) return ON;
  head.isDecided = false;
  return head.found(head.position + 3, level);
}

/** `/path/of/program: warning: ...`, as s6 and linkers write it; behind the path of a shell a command's name stands. */
export function readProgramPath(head: HeadCursor): Verdict {
  const end = wordEnd(head.bytes, head.position, head.end);
  const mayFollow = end !== -1 && head.bytes[end] === 0x3a && isLetter(head.bytes[end + 2]);
  const [, word] = (mayFollow ? BEHIND_PATH.exec(head.textAt(end, SEARCHED)) : null) ?? [];
  if (word === undefined || SHELL.test(head.textAt(head.position, end - head.position))) return 0;
  return found(head, end + 2 + word.length, word);
}

function found(head: HeadCursor, position: number, word: string): Verdict {
  head.isDecided = false;
  const level = levelOfWord(Buffer.from(word, 'latin1'), 0, word.length);
  return level === NO_WORD ? 0 : head.found(position, level);
}
