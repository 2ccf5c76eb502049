import { beginsWith, indexOfByte, isDigit } from './head-word.ts';
import { statusOfRecord } from './json.ts';
import { statusOfPairs } from './logfmt.ts';

/** How much of a message is searched for a request's status. */
const SEARCHED = 4096;
const METHOD = '(?:GET|POST|PUT|DELETE|HEAD|PATCH|OPTIONS|CONNECT|TRACE)';
const METHODS = ['GET ', 'POST ', 'PUT ', 'DELETE ', 'HEAD ', 'PATCH ', 'OPTIONS ', 'TRACE ', 'HTTP '];
const PATTERNS: readonly RegExp[] = [
  /^(?:\[[^\]]*\] )?Completed (\d{3}) /, // Rails
  /^Sent (\d{3}) in /, // Phoenix
  /^Request finished in [\d.,]+ ?ms (\d{3})\b/, // ASP.NET Core 2
  /^Request finished HTTP\/\S+ \S+ \S+ (?:\S+ \S+ )?- (\d{3})\b/, // ASP.NET Core 5 and later
  /^HTTP "?[A-Z]+"? \S+ responded (\d{3}) in /, // Serilog's request logging
  new RegExp(`^${METHOD} \\S+ (\\d{3}) (?:[\\d.-]+(?: ms| - |$)|in [\\d.]+m?s)`), // morgan: dev and tiny; Next.js
  new RegExp(`^(?:[\\da-f:.]{1,45} \\S+ )?${METHOD} \\S+ HTTP/[\\d.]+ (\\d{3}) (?:\\d+|-) - [\\d.-]+ ms`), // morgan: short
  new RegExp(`^-{1,2}> ${METHOD} \\S+ (\\d{3}) [\\d.]+m?s`), // Koa
  /^(?:\[[\w-]+\] )?(\d{3}) [A-Z][A-Za-z ]+ \([\d.]+s, [\d.]+\/s\)/, // Mojolicious
  new RegExp(`^"?${METHOD} [^"]*"? from \\S+ - (\\d{3}) `), // chi
  /^(\d{3}) [A-Z]{3,7} \/\S* \([^)]*\) [\d.]+ms/, // tornado
  /^(?:\d+ )?(?:[\d.:a-f]+ )?(?:TCP|UDP)_[A-Z_]+\/(\d{3}) /, // squid
  / finished processing request .*\bstatus=(\d{3})\b/, // tower-http
  / "[^"]*" HTTP\/[\d.]+ "[^"]*" (\d{3}) /, // oauth2-proxy
  new RegExp(`^router: completed ${METHOD} \\S+ for \\S+, (\\d{3}) `), // Gitea
];
const QUOTED = new RegExp(`(?:^"-|"${METHOD}) [^"]*"(?: from \\S+ -| status:)? (\\d{3})(?=[ ,)]|$)`);
const UWSGI = /\(HTTP\/[\d.]+ (\d{3})\)/;

/**
 * The HTTP status in the message `bytes[start, end)` of a line that records a request in words, else 0.
 * `mayHaveStatus` is false when the line does not name HTTP.
 */
export function requestStatus(bytes: Buffer, start: number, end: number, mayHaveStatus: boolean): number {
  if (!mayHaveStatus && !canBegin(bytes, start, end)) return 0;
  const text = bytes.toString('latin1', start, Math.min(end, start + SEARCHED));
  for (const pattern of PATTERNS) {
    const status = Number(pattern.exec(text)?.[1] ?? 0);
    if (status >= 100 && status <= 599) return status;
  }
  if (!mayHaveStatus && !text.startsWith('"')) return 0;
  const status = Number((QUOTED.exec(text) ?? UWSGI.exec(text))?.[1] ?? 0);
  if (status >= 100 && status <= 599) return status;
  return mayHaveStatus && text.includes('tatus') && !text.includes('HTTP status=') ? statusOfFields(bytes, start, end) : 0;
}

/** The status in fields behind the message: JSON at the end of the line, or pairs. */
function statusOfFields(bytes: Buffer, start: number, end: number): number {
  if (bytes[end - 1] !== 0x7d) return statusOfPairs(bytes, start, end);
  for (let i = start; i < end; i++) {
    const isObject =
      bytes[i] === 0x7b && bytes[i + 1] === 0x22 && (i === start || bytes[i - 1] === 0x20 || bytes[i - 1] === 0x09);
    if (isObject) return statusOfRecord(bytes, i, end);
  }
  return 0;
}

/** Whether one of the patterns, or a quoted request, can begin here: their first letters, a bracket (Rails' request id), or numbers (tornado, squid). */
function canBegin(bytes: Buffer, start: number, end: number): boolean {
  switch (bytes[start]) {
    case 0x22:
      return true;
    case 0x43: // C
      return beginsWith(bytes, start, end, 'Completed ') || beginsWith(bytes, start, end, 'CONNECT ');
    case 0x53: // S
      return beginsWith(bytes, start, end, 'Sent ');
    case 0x52: // R
      return beginsWith(bytes, start, end, 'Request finished ');
    case 0x2d: // -
      return beginsWith(bytes, start, end, '-> ') || beginsWith(bytes, start, end, '--> ');
    case 0x5b: {
      // [
      const close = indexOfByte(bytes, 0x5d, start, Math.min(end, start + 60));
      return (
        beginsWith(bytes, close, end, '] Completed ') ||
        (bytes[close + 1] === 0x20 && isDigit(bytes[close + 2]) && isDigit(bytes[close + 4]))
      );
    }
    case 0x72: // r
      return beginsWith(bytes, start, end, 'router: completed ');
    case 0x44: // D
    case 0x47: // G
    case 0x48: // H
    case 0x4f: // O
    case 0x50: // P
    case 0x54: // T
      return METHODS.some((method) => beginsWith(bytes, start, end, method));
    default:
      return isDigit(bytes[start]) && (isDigit(bytes[start + 2]) || isDigit(bytes[start + 1])) && start + 8 < end;
  }
}
