import { DIGITS, type Format } from './format.ts';

const LINE = /^\d{10}\.\d{3} +\d+ \S+ [A-Z_]+\/(\d{3}) /;
/** What is searched of a line. */
const SEARCHED = 2048;

/** `1637500000.123    120 10.0.0.1 TCP_MISS/200 1234 GET http://shop/ - DIRECT/10.0.0.2 text/html`. */
export const squid: Format = {
  name: 'squid',
  description: 'Squid access log',
  first: DIGITS,
  parse(bytes, start, end, facts) {
    if (bytes[start + 10] !== 0x2e) return false;
    const match = LINE.exec(bytes.toString('latin1', start, Math.min(end, start + SEARCHED)));
    if (match === null) return false;
    const status = Number(match[1]);
    facts.level = 0;
    facts.status = status >= 100 && status <= 599 ? status : 0;
    return true;
  },
};
