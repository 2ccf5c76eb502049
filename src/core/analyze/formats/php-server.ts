import type { Format } from './format.ts';

const LINE = /^\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\] \S+ \[(\d{3})\]: /;

/** `[Sat Nov 21 14:00:00 2026] 10.0.0.1:51234 [200]: GET /`. */
export const phpServer: Format = {
  name: 'php-server',
  description: "request lines of PHP's own web server",
  first: '[',
  isRuledOut: (bytes, start) => bytes[start + 4] !== 0x20 || bytes[start + 25] !== 0x5d,
  parse(bytes, start, end, facts) {
    const match = LINE.exec(bytes.toString('latin1', start, Math.min(end, start + 100)));
    if (match === null) return false;
    const status = Number(match[1]);
    facts.level = 0;
    facts.status = status >= 100 && status <= 599 ? status : 0;
    return true;
  },
};
