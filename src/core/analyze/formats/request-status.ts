import { indexOfByte } from './head/word.ts';
import { statusOfRecord } from './json.ts';
import { statusOfPairs } from './logfmt.ts';
import { statusOfRequestLine } from './request-line.ts';

/**
 * The HTTP status in the message `bytes[start, end)` of a line that records a request in words or in fields behind the message, else 0.
 * `mayHaveStatus` is false when the line does not name HTTP.
 */
export function requestStatus(bytes: Buffer, start: number, end: number, mayHaveStatus: boolean): number {
  const status = statusOfRequestLine(bytes, start, end, mayHaveStatus);
  if (status !== 0 || !mayHaveStatus) return status;
  const message = bytes.subarray(start, end);
  return message.includes('tatus') && !message.includes('HTTP status=') ? statusOfFields(bytes, start, end) : 0;
}

/** The status in fields behind the message: JSON at the end of the line, or pairs. */
function statusOfFields(bytes: Buffer, start: number, end: number): number {
  if (bytes[end - 1] !== 0x7d) return statusOfPairs(bytes, start, end) || statusOfSpans(bytes, start, end);
  for (let i = start; i < end; i++) {
    const isObject =
      bytes[i] === 0x7b && bytes[i + 1] === 0x22 && (i === start || bytes[i - 1] === 0x20 || bytes[i - 1] === 0x09);
    if (isObject) return statusOfRecord(bytes, i, end);
  }
  return 0;
}

/** How far behind its name a span may end. */
const LONGEST_SPAN = 1024;
const MAX_SPANS = 8;

/**
 * The status in the spans that Rust's tracing puts in front of a message: `request{method=GET status=200}:inner{...}: shop: close`. What a
 * span of a client holds was sent to the program, not by it.
 */
function statusOfSpans(bytes: Buffer, start: number, end: number): number {
  let name = start;
  for (let spans = 0; spans < MAX_SPANS; spans++) {
    const open = indexOfByte(bytes, 0x7b, name, Math.min(end, name + 60));
    if (open <= name || bytes[open - 1] === 0x20) return 0;
    const close = bytes.subarray(open, Math.min(end, open + LONGEST_SPAN)).indexOf('}:');
    if (close === -1) return 0;
    const isClient = CLIENT.test(bytes.toString('latin1', name, open + close));
    const status = isClient ? 0 : statusOfPairs(bytes, open + 1, open + close);
    if (status !== 0) return status;
    name = open + close + 2;
  }
  return 0;
}

const CLIENT = /^[\w .:-]*[Cc]lient[\w .:-]*\{|kind="?[Cc]lient/;
