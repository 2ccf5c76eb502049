import { DIGITS } from './format.ts';
import { lineWithStatus } from './line-with-status.ts';

const LINE =
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:W3SVC\d+ \S+ )?\S+ (?:GET|POST|PUT|DELETE|HEAD|PATCH|OPTIONS) \S+ \S+ \d+ \S+ \S+ (?:\S+ ){1,5}?(\d{3}) \d+ \d+(?: |$)/;

/** `2026-11-21 14:00:00 10.0.0.1 GET /x - 80 - 10.0.0.2 agent referer 404 0 2 12`, and with all fields behind the site's name. */
export const iis = lineWithStatus({
  name: 'iis',
  description: 'IIS and W3C extended access log',
  first: DIGITS,
  pattern: LINE,
  mayBe: (bytes, start) =>
    bytes[start + 4] === 0x2d &&
    bytes[start + 10] === 0x20 &&
    bytes[start + 19] === 0x20 &&
    (isSite(bytes, start + 20) || isAddress(bytes, start + 20)),
});

/** Whether `W3SVC1` may stand there. */
function isSite(bytes: Uint8Array, position: number): boolean {
  return bytes[position] === 0x57 && bytes[position + 1] === 0x33;
}

/** How much of an address is looked at. */
const ADDRESS = 8;

/** Whether a word of digits, dots and colons, as the server's address is, stands there: most other lines go on with a level or a name. */
function isAddress(bytes: Uint8Array, position: number): boolean {
  let marks = 0;
  for (let i = position; i < position + ADDRESS && bytes[i] !== 0x20; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0x2e || byte === 0x3a) marks++;
    else if (!/[0-9a-f]/.test(String.fromCharCode(byte))) return false;
  }
  return marks >= 1;
}
