import { statusAt } from './access-log.ts';
import type { Format } from './format.ts';

const DATE = String.raw`(?:\d{4}[-/]\d\d[-/]\d\d[ T])?\d\d:\d\d:\d\d`;
const LINE = new RegExp(
  String.raw`^(?:(?:\[GIN\] \d{4}/\d\d/\d\d - \d\d:\d\d:\d\d|\[negroni\] \S+|${DATE}) \| *(?=\d{3} *\|)|\[${DATE}\] (?=\d{3} - +[\d.]+\S{0,2}s [A-Z]{3,7} +/))`,
);

/** `[GIN] 2026/11/21 - 14:00:00 | 200 |     1.2ms | 10.0.0.1 | GET "/"`, and Fiber's `14:00:00 | 200 | ...` or `[14:00:00] 200 - 1.2ms GET /`. */
export const gin: Format = {
  name: 'gin',
  description: 'request lines of Gin, Fiber and Negroni',
  first: '[012',
  isRuledOut: (bytes, start) =>
    bytes[start] === 0x5b
      ? bytes[start + 1] !== 0x47 && bytes[start + 8] !== 0x5d && !isFiber(bytes, start + 9) && !isFiber(bytes, start + 20)
      : bytes[start + 9] !== 0x7c && bytes[start + 20] !== 0x7c,
  parse(bytes, start, end, facts) {
    const [head] = LINE.exec(bytes.toString('latin1', start, Math.min(end, start + 60))) ?? [];
    if (head === undefined) return false;
    facts.level = 0;
    facts.status = statusAt(bytes, start + head.length, end);
    return true;
  },
};

/** Whether the bracket closes here around Fiber's time, and a status and a dash follow. */
function isFiber(bytes: Uint8Array, closing: number): boolean {
  return bytes[closing] === 0x5d && bytes[closing + 6] === 0x2d;
}
