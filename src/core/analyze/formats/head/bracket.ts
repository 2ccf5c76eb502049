import type { Level } from '../../../model/log-line.ts';
import { levelOfLetter, levelOfWord, NO_WORD } from '../../level-word.ts';
import { beginsWith, indexOfByte, isDateWord, isDigit, isLetter, levelOfCapitals, skipBlanks } from './word.ts';

const SPACE = 0x20;
const PIPE = 0x7c;

/** What stands in one pair of brackets of a head. */
export interface Bracket {
  readonly level: Level | typeof NO_WORD;
  /** It begins with a date or time. */
  readonly isTime: boolean;
}

const OPAQUE: Bracket = { level: NO_WORD, isTime: false };
const TIME: Bracket = { level: NO_WORD, isTime: true };

/** Where the brackets stood. */
interface Place {
  /** A date or time stood in front of them. */
  readonly afterTime: boolean;
  readonly isFirst: boolean;
  /** A colon and a blank stand behind them. */
  readonly isBeforeColon?: boolean;
}

/** Reads `bytes[from, to)`, which stood in square brackets. */
export function readBracket(
  bytes: Buffer,
  from: number,
  to: number,
  { afterTime, isFirst, isBeforeColon = false }: Place,
): Bracket {
  const start = skipBlanks(bytes, from, to);
  let end = to;
  while (end > start && bytes[end - 1] === SPACE) end--;
  const level = levelOfWord(bytes, start, end);
  if (level !== NO_WORD) return { level, isTime: false };
  const length = end - start;
  if (length === 0) return OPAQUE;
  if (length === 1) return { level: levelOfLetter(bytes[start] ?? 0), isTime: false };
  if (afterTime) {
    const own = levelAfterTime(bytes, start, end);
    if (own !== NO_WORD) return { level: own, isTime: false };
  }
  if (bytes[start + 1] === SPACE && isDigit(bytes[start + 2])) {
    const letter = levelOfLetter(bytes[start] ?? 0); // tornado and Jupyter: `[I 2026-11-21 14:00:00 app]`
    if (letter !== NO_WORD) return { level: letter, isTime: true };
  }
  if (length > 15 && bytes[start + 5] === SPACE && bytes[start + 8] === 0x3a && isDigit(bytes[start + 1])) {
    const letter = levelOfLetter(bytes[start] ?? 0); // PyTorch: `[W1121 14:00:00.123456 file.cpp:12]`
    if (letter !== NO_WORD) return { level: letter, isTime: true };
  }
  if (isFirst && isLetter(bytes[start])) {
    const first = levelBeforeDate(bytes, start, end);
    if (first !== NO_WORD) return { level: first, isTime: true };
    const own = levelBeforeTarget(bytes, start, end, isBeforeColon);
    if (own !== NO_WORD) return { level: own, isTime: false };
    const beside = levelBesideTime(bytes, start, end);
    if (beside !== NO_WORD) return { level: beside, isTime: true };
  }
  if (isFirst && isDigit(bytes[start])) {
    const [, word] = CHROMIUM.exec(bytes.toString('latin1', start, Math.min(end, start + 60))) ?? [];
    if (word !== undefined) return { level: levelOfWord(Buffer.from(word, 'latin1'), 0, word.length), isTime: true };
  }
  const isTime = looksLikeTime(bytes, start, end);
  const within = levelWithin(bytes, start, end, isTime || afterTime);
  return within === NO_WORD ? (isTime ? TIME : OPAQUE) : { level: within, isTime };
}

/**
 * What stands in angle brackets, `bytes[from, to)`: behind a time ClickHouse's `<Information>`, Solace's `<local3.info>` and Erlang's
 * `<0.1.0>`; first in the line WebLogic's time and Mumble's letter. `null`: markup.
 */
export function readAngle(
  bytes: Buffer,
  from: number,
  to: number,
  lineEnd: number,
  place: Place & { readonly isAttached: boolean; readonly isNumbered: boolean },
): Bracket | null {
  if (!place.afterTime) {
    if (place.isNumbered && bytes[to + 1] === SPACE && (!place.isFirst || beginsWith(bytes, to + 1, lineEnd, '  ['))) {
      const level = levelOfWord(bytes, from, to); // Boost's `12: <info> `, NetworkManager's `<info>  [1795269600.1234] `
      if (level !== NO_WORD) return { level, isTime: false };
    }
    if (!place.isFirst) return null;
    if (to - from === 1 && isDigit(bytes[to + 1]) && to + 1 < lineEnd)
      return { level: levelOfLetter(bytes[from] ?? 0), isTime: false };
    return looksLikeTime(bytes, from, to) && (isLetter(bytes[from]) || isDate(bytes, from, to)) ? TIME : null;
  }
  const dot = indexOfByte(bytes, 0x2e, from, to);
  const level = levelOfWord(bytes, dot === -1 ? from : dot + 1, to);
  const isMarkup = level === NO_WORD && !place.isAttached && !isDigit(bytes[from]) && !isBeforeCapitals(bytes, to + 1, lineEnd);
  return isMarkup ? null : { level, isTime: false };
}

/** UniFi's `<thread> INFO  system - `. */
function isBeforeCapitals(bytes: Buffer, position: number, end: number): boolean {
  const word = skipBlanks(bytes, position, end);
  const last = word > position ? indexOfByte(bytes, SPACE, word, Math.min(end, word + 10)) : -1;
  return last !== -1 && levelOfCapitals(bytes, word, last) !== NO_WORD;
}

/** Couchbase's `[ns_server:info,2026-11-21T14:00:00.123Z,ns_1@host:...]`. */
function levelBeforeDate(bytes: Buffer, start: number, end: number): Level | typeof NO_WORD {
  const colon = indexOfByte(bytes, 0x3a, start, Math.min(end, start + 24));
  const comma = colon === -1 ? -1 : indexOfByte(bytes, 0x2c, colon, Math.min(end, colon + 12));
  return comma === -1 || !isDigit(bytes[comma + 1]) ? NO_WORD : levelOfWord(bytes, colon + 1, comma);
}

/** `[8:8:1121/140000.123456:ERROR:bus.cc(12)]`. */
const CHROMIUM = /^(?:\d+:){0,2}\d{4}\/\d{6}(?:\.\d+)?:([A-Z]+\d?):/;

/** `(INFO)`, Sling's `*INFO*`, and behind a time Nuclio's `(I)`. */
export function levelAlone(bytes: Buffer, from: number, to: number, hasTime: boolean): Level | typeof NO_WORD {
  return hasTime && to === from + 1 ? levelOfLetter(bytes[from] ?? 0) : levelOfWord(bytes, from, to);
}

/** Words of one family of servers: MySQL's `[System]` and `[Note]`, Apache's `[core:error]`, Twisted's `[stdout#info]`, Yesod's `[Info#SQL]`, Foreman's `[I|app|5a]`. */
function levelAfterTime(bytes: Buffer, start: number, end: number): Level | typeof NO_WORD {
  if (
    (end - start === 6 && beginsWith(bytes, start, end, 'System')) ||
    (end - start === 4 && beginsWith(bytes, start, end, 'Note'))
  )
    return 3;
  let colon = start;
  if (bytes[start + 1] === 0x7c) return levelOfLetter(bytes[start] ?? 0);
  if (indexOfByte(bytes, PIPE, start, end) !== -1) return levelBetweenBars(bytes, start, end);
  while (colon < end && isModule(bytes[colon] ?? 0)) colon++;
  const behind = colon > start && (bytes[colon] === 0x3a || bytes[colon] === 0x23) ? levelOfWord(bytes, colon + 1, end) : NO_WORD;
  return behind === NO_WORD ? levelOfWord(bytes, start, indexOfByte(bytes, 0x23, start, end)) : behind;
}

/** `[main|info]`: the level is one of the fields. */
function levelBetweenBars(bytes: Buffer, start: number, end: number): Level | typeof NO_WORD {
  for (let field = start; field < end; ) {
    const bar = indexOfByte(bytes, PIPE, field, end);
    const last = bar === -1 ? end : bar;
    const level = levelOfWord(bytes, field, last);
    if (level !== NO_WORD) return level;
    field = last + 1;
  }
  return NO_WORD;
}

/** env_logger without a time, `[INFO  crate::module]`, tini's `[WARN  tini (7)]`, and kubeadm's `[WARNING Swap]: `. */
function levelBeforeTarget(bytes: Buffer, start: number, end: number, isBeforeColon: boolean): Level | typeof NO_WORD {
  const space = indexOfByte(bytes, SPACE, start, Math.min(end, start + 12));
  if (space === -1) return NO_WORD;
  const target = skipBlanks(bytes, space, end);
  const isSmall = (bytes[target] ?? 0) >= 0x61 && (bytes[target] ?? 0) <= 0x7a;
  const isOne = indexOfByte(bytes, SPACE, target, end) === -1;
  const isTarget = isOne ? isSmall || (isBeforeColon && isLetter(bytes[target])) : beginsWith(bytes, target, end, 'tini (');
  return isTarget ? levelOfCapitals(bytes, start, space) : NO_WORD;
}

/** One word and a time: `[DEBUG 2026-11-21 14:00:00 main]`, GitHub's `[RUNNER 2026-11-21 14:00:00Z INFO Listener]`. */
function levelBesideTime(bytes: Buffer, start: number, end: number): Level | typeof NO_WORD {
  const space = indexOfByte(bytes, SPACE, start, Math.min(end, start + 12));
  if (space === -1) return NO_WORD;
  const time = skipBlanks(bytes, space, end);
  if (!CLOCK.test(bytes.toString('latin1', time, Math.min(end, time + 10)))) return NO_WORD;
  const level = levelOfWord(bytes, start, space);
  return level === NO_WORD ? levelWithin(bytes, time, end, true) : level;
}

/** How a date or a time of day begins. */
const CLOCK = /^(?:\d{4}[-/.]\d\d[-/.]\d\d|\d\d:\d\d:\d\d|\d\d[-/.](?:\d\d|[A-Z][a-z]{2})[-/.]\d|[A-Z][a-z]{2} [ \d]\d \d\d:)/;

function isDate(bytes: Buffer, from: number, to: number): boolean {
  return to - from >= 19 && CLOCK.test(bytes.toString('latin1', from, from + 10));
}

/** What Apache's and Python's modules are called with: small letters, digits, underscores and dots. */
function isModule(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || byte === 0x5f || byte === 0x2e || isDigit(byte);
}

function looksLikeTime(bytes: Buffer, start: number, end: number): boolean {
  if (end - start >= 7 && isLetter(bytes[start]) && bytes[start + 3] === SPACE) return isDateWord(bytes, start, start + 3);
  if (!isDigit(bytes[start])) return false;
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    if (byte === 0x3a || byte === 0x2e || byte === 0x2d || byte === 0x2f) return true;
  }
  return end - start >= 9;
}

/**
 * `2026-11-21T14:00:00Z INFO crate`, `14:00:00 INF`, `14:00:00,123: INFO/MainProcess`, Ray's `2026-11-21 14:00:00,123 I 7 7`, and, behind a
 * time, `Server thread/INFO`.
 */
function levelWithin(bytes: Buffer, start: number, end: number, hasTime: boolean): Level | typeof NO_WORD {
  if (!hasTime) return NO_WORD;
  let isBehindTime = false;
  let word = start;
  while (word < end) {
    let last = word;
    while (last < end && bytes[last] !== SPACE) last++;
    const isTime = isDigit(bytes[word]);
    if (isBehindTime && !isTime && last - word === 1) {
      const letter = levelOfLetter(bytes[word] ?? 0);
      if (letter !== NO_WORD) return letter;
    }
    if (isBehindTime && last === end) {
      const level = levelOfWord(bytes, word, last);
      if (level !== NO_WORD) return level;
    }
    isBehindTime = isTime;
    const slash = indexOfByte(bytes, 0x2f, word, last);
    if (slash === -1) {
      const level = levelOfCapitals(bytes, word, last);
      if (level !== NO_WORD) return level;
    } else {
      const before = levelOfCapitals(bytes, word, slash);
      const level = before === NO_WORD ? levelOfCapitals(bytes, slash + 1, last) : before;
      if (level !== NO_WORD) return level;
    }
    word = skipBlanks(bytes, last, end);
  }
  return NO_WORD;
}
