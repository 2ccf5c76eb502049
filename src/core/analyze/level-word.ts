import type { Level } from '../model/log-line.ts';

/** What {@link levelOfWord} answers for bytes that are no level word. */
export const NO_WORD = -1;

/** Words that are levels wherever a format puts its level. Words that only one format knows (`fail`, `LOG`, `Note`) are in its file. */
const WORDS: Readonly<Record<string, Level>> = {
  trace: 1,
  trce: 1,
  trc: 1,
  trac: 1,
  finest: 1,
  debug: 2,
  debu: 2,
  dbug: 2,
  dbg: 2,
  debg: 2,
  verbose: 2,
  vrb: 2,
  fine: 2,
  finer: 2,
  info: 3,
  information: 3,
  informational: 3,
  inf: 3,
  notice: 3,
  warn: 4,
  warning: 4,
  wrn: 4,
  error: 5,
  eror: 5,
  erro: 5,
  err: 5,
  severe: 5,
  fatal: 6,
  fata: 6,
  fatl: 6,
  ftl: 6,
  critical: 6,
  crit: 6,
  alert: 6,
  emer: 6,
  emerg: 6,
  emergency: 6,
  panic: 6,
  pani: 6,
  pnc: 6,
  dpanic: 6,
};

const SLOTS = 512;
const LONGEST = 13;
const ENTRIES = Object.entries(WORDS).map(([word, level]) => ({ word: Buffer.from(word, 'latin1'), level }));
/** Index + 1 into ENTRIES by the hash of the word; collisions go to the next slot. */
const TABLE = new Uint8Array(SLOTS);
for (const [index, { word }] of ENTRIES.entries()) {
  let slot = hash(word, 0, word.length);
  while (TABLE[slot] !== 0) slot = (slot + 1) % SLOTS;
  TABLE[slot] = index + 1;
}

/**
 * The level that `bytes[start, end)` names in any case: a word, `trace1` to `trace8`, `DEBUG1` to `DEBUG5`, or a word with
 * slog's offset (`INFO+2`); else {@link NO_WORD}.
 */
export function levelOfWord(bytes: Uint8Array, start: number, end: number): Level | typeof NO_WORD {
  const length = end - start;
  if (length < 3 || length > LONGEST + 3) return NO_WORD;
  const found = lookUp(bytes, start, end);
  if (found !== NO_WORD) return found;
  const last = bytes[end - 1] ?? 0;
  if (last < 0x30 || last > 0x39) return NO_WORD;
  return levelWithNumber(bytes, start, end);
}

/** The level of a single letter, in formats that use them; else {@link NO_WORD}. */
export function levelOfLetter(letter: number): Level | typeof NO_WORD {
  switch (letter) {
    case 0x54: // T
      return 1;
    case 0x44: // D
      return 2;
    case 0x49: // I
    case 0x4e: // N
      return 3;
    case 0x57: // W
      return 4;
    case 0x45: // E
      return 5;
    case 0x46: // F
    case 0x43: // C
      return 6;
    default:
      return NO_WORD;
  }
}

/** The level of a syslog severity from 0 to 7 (a PRI modulo 8). */
export function levelOfSeverity(severity: number): Level {
  return severity <= 2 ? 6 : severity === 3 ? 5 : severity === 4 ? 4 : severity <= 6 ? 3 : 2;
}

function lookUp(bytes: Uint8Array, start: number, end: number): Level | typeof NO_WORD {
  let slot = hash(bytes, start, end);
  let index = TABLE[slot] ?? 0;
  while (index !== 0) {
    const entry = ENTRIES[index - 1];
    if (entry !== undefined && isWord(entry.word, bytes, start, end)) return entry.level;
    slot = (slot + 1) % SLOTS;
    index = TABLE[slot] ?? 0;
  }
  return NO_WORD;
}

function levelWithNumber(bytes: Uint8Array, start: number, end: number): Level | typeof NO_WORD {
  let digits = end;
  while (digits > start && (bytes[digits - 1] ?? 0) >= 0x30 && (bytes[digits - 1] ?? 0) <= 0x39) digits--;
  const sign = bytes[digits - 1];
  if (sign === 0x2b || sign === 0x2d) return lookUp(bytes, start, digits - 1);
  const level = end - digits === 1 ? lookUp(bytes, start, digits) : NO_WORD;
  return level === 1 || level === 2 ? level : NO_WORD;
}

function isWord(word: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (word.length !== end - start) return false;
  for (let i = 0; i < word.length; i++) if (word[i] !== ((bytes[start + i] ?? 0) | 0x20)) return false;
  return true;
}

function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = end - start;
  for (let i = start; i < end; i++) value = (Math.imul(value, 31) + ((bytes[i] ?? 0) | 0x20)) | 0;
  return (value ^ (value >>> 9)) & (SLOTS - 1);
}
