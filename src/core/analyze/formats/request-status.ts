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
  if (bytes[end - 1] !== 0x7d) return statusOfPairs(bytes, start, end);
  for (let i = start; i < end; i++) {
    const isObject =
      bytes[i] === 0x7b && bytes[i + 1] === 0x22 && (i === start || bytes[i - 1] === 0x20 || bytes[i - 1] === 0x09);
    if (isObject) return statusOfRecord(bytes, i, end);
  }
  return 0;
}
