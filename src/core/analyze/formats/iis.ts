import { DIGITS, type Format } from './format.ts';

const LINE =
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+ (?:GET|POST|PUT|DELETE|HEAD|PATCH|OPTIONS) \S+ \S+ \d+ \S+ \S+ \S+ (?:\S+ )?(\d{3}) \d+ \d+(?: |$)/;
/** What is searched of a line. */
const SEARCHED = 2048;

/** `2026-11-21 14:00:00 10.0.0.1 GET /x - 80 - 10.0.0.2 agent referer 404 0 2 12`. */
export const iis: Format = {
  name: 'iis',
  description: 'IIS and W3C extended access log',
  first: DIGITS,
  parse(bytes, start, end, facts) {
    if (bytes[start + 4] !== 0x2d || bytes[start + 10] !== 0x20 || bytes[start + 19] !== 0x20) return false;
    if (!isAddress(bytes, start + 20, end)) return false;
    const match = LINE.exec(bytes.toString('latin1', start, Math.min(end, start + SEARCHED)));
    if (match === null) return false;
    const status = Number(match[1]);
    facts.level = 0;
    facts.status = status >= 100 && status <= 599 ? status : 0;
    return true;
  },
};

/** Whether a word of digits, dots and colons, as the server's address is, stands there: most other lines go on with a level or a name. */
function isAddress(bytes: Uint8Array, position: number, end: number): boolean {
  let marks = 0;
  for (let i = position; i < end && bytes[i] !== 0x20; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0x2e || byte === 0x3a) marks++;
    else if (!/[0-9a-f]/.test(String.fromCharCode(byte))) return false;
  }
  return marks >= 2;
}
