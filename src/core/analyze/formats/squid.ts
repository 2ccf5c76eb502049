import { DIGITS } from './format.ts';
import { isDigit } from './head/word.ts';
import { lineWithStatus } from './line-with-status.ts';

const LINE = /^\d{10}\.\d{3} +\d+ \S+ [A-Z_]+\/(\d{3}) /;

/** `1637500000.123    120 10.0.0.1 TCP_MISS/200 1234 GET http://shop/ - DIRECT/10.0.0.2 text/html`. */
export const squid = lineWithStatus({
  name: 'squid',
  description: 'Squid access log',
  first: DIGITS,
  pattern: LINE,
  mayBe: (bytes, start) =>
    bytes[start + 10] === 0x2e && isDigit(bytes[start + 1]) && isDigit(bytes[start + 2]) && isDigit(bytes[start + 3]),
});
