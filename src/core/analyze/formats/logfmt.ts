import { levelOfWord, NO_WORD } from '../level-word.ts';
import type { Format } from './format.ts';
import { LETTERS } from './format.ts';
import { KEY, keyKind } from './json-key.ts';
import { closingQuote, wholeNumber } from './json-scan.ts';

const SPACE = 0x20;

/** `key=value key="quoted value"` from the first byte on; what stands between quotes is data. */
export const logfmt: Format = {
  name: 'logfmt',
  description: 'logfmt: Grafana, Loki, Prometheus, logrus, go-kit, slog text, log15, lograge',
  first: LETTERS,
  parse(bytes, start, end, facts) {
    let position = keyEnd(bytes, start, end);
    if (position === -1) return false;
    let key = start;
    let level = 0;
    let status = 0;
    let maybeStatus = 0;
    let isRequest = false;
    const mayHaveStatus = facts.mayHaveStatus(bytes, start, end);
    while (position !== -1) {
      const value = position + 1;
      const last = valueEnd(bytes, value, end);
      switch (keyKind(bytes, key, position)) {
        case KEY.level:
        case KEY.levelName:
          if (level === 0) level = Math.max(0, levelOfValue(bytes, value, last));
          break;
        case KEY.status:
          status = wholeNumber(bytes, value, last);
          break;
        case KEY.maybeStatus:
          maybeStatus = wholeNumber(bytes, value, last);
          break;
        case KEY.request:
          isRequest = true;
          break;
        default:
      }
      if (level !== 0 && !mayHaveStatus) break;
      key = nextKey(bytes, last, end);
      position = keyEnd(bytes, key, end);
    }
    if (status <= 0 && isRequest) status = maybeStatus;
    facts.level = level as typeof facts.level; // 0, or what levelOfWord answered
    facts.status = status >= 100 && status <= 599 ? status : 0;
    return facts.level !== 0 || facts.status !== 0;
  },
};

/** The position of the `=` behind the key that begins at `position`, or -1 when no key does. */
function keyEnd(bytes: Uint8Array, position: number, end: number): number {
  const limit = Math.min(end, position + 64);
  for (let i = position; i < limit; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0x3d) return i === position ? -1 : i;
    if (byte <= SPACE || byte === 0x22 || byte === 0x3a || byte === 0x5b || byte === 0x28) return -1;
  }
  return -1;
}

function valueEnd(bytes: Uint8Array, position: number, end: number): number {
  if (bytes[position] === 0x22) {
    const quote = closingQuote(bytes, position + 1, end);
    return quote === -1 ? end : quote + 1;
  }
  let i = position;
  while (i < end && bytes[i] !== SPACE) i++;
  return i;
}

/** Words without `=` are skipped: some loggers write a bare flag or an unquoted message. */
function nextKey(bytes: Uint8Array, position: number, end: number): number {
  let key = position;
  while (key < end) {
    while (key < end && bytes[key] === SPACE) key++;
    if (keyEnd(bytes, key, end) !== -1) return key;
    while (key < end && bytes[key] !== SPACE) {
      if (bytes[key] === 0x22) key = Math.max(key, closingQuote(bytes, key + 1, end));
      key++;
    }
  }
  return end;
}

function levelOfValue(bytes: Uint8Array, start: number, end: number): number {
  const quoted = bytes[start] === 0x22 ? 1 : 0;
  const level = levelOfWord(bytes, start + quoted, end - quoted);
  return level === NO_WORD ? 0 : level;
}
