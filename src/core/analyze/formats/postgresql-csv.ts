import { levelOfWord } from '../level-word.ts';
import { DIGITS, type Format } from './format.ts';

const HEAD = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [A-Z+\-\d]+,/;
const SEVERITY = /,"?(DEBUG[1-5]|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC)"?,"?[0-9A-Z]{5}"?,/;
/** What is searched of a line. */
const SEARCHED = 1024;

/** `2026-11-21 14:00:00.123 UTC,"user","database",77,"10.0.0.1:5432",...,ERROR,42P01,"message",...`. */
export const postgresqlCsv: Format = {
  name: 'postgresql-csv',
  description: 'csvlog of PostgreSQL and Greenplum',
  first: DIGITS,
  isRuledOut: (bytes, start) =>
    bytes[start + 4] !== 0x2d ||
    (bytes[start + 23] !== 0x20 && bytes[start + 19] !== 0x20 && bytes[start + 26] !== 0x20) ||
    (bytes[start + 27] !== 0x2c && bytes[start + 23] !== 0x2c && bytes[start + 30] !== 0x2c),
  parse(bytes, start, end, facts) {
    const text = bytes.toString('latin1', start, Math.min(end, start + SEARCHED));
    const [, severity] = HEAD.test(text) ? (SEVERITY.exec(text) ?? []) : [];
    if (severity === undefined) return false;
    const word = Buffer.from(severity, 'latin1');
    facts.level = severity === 'LOG' ? 3 : (Math.max(0, levelOfWord(word, 0, word.length)) as typeof facts.level); // a Level once NO_WORD is 0
    facts.status = 0;
    return true;
  },
};
