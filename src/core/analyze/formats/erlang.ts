import { levelOfWord, NO_WORD } from '../level-word.ts';
import type { Format } from './format.ts';
import { beginsWith } from './head/word.ts';

/** `=ERROR REPORT==== 21-Nov-2026::14:00:00.123 ===`, the head of a report; `=CRASH REPORT====` names no level. */
export const erlang: Format = {
  name: 'erlang',
  description: 'Erlang/OTP reports',
  first: '=',
  parse(bytes, start, end, facts) {
    let word = start + 1;
    while (word < end && bytes[word] !== 0x20 && word < start + 16) word++;
    if (!beginsWith(bytes, word, end, ' REPORT===')) return false;
    const level = levelOfWord(bytes, start + 1, word);
    facts.level = level === NO_WORD ? 0 : level;
    facts.status = 0;
    return true;
  },
};
