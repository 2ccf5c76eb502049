import { levelOfLetter } from '../level-word.ts';
import { type Format, noStatusBehind } from './format.ts';
import { isDigit } from './head/word.ts';

const ZERO = 0x30;
const RESP = Buffer.from(' resp=', 'latin1');

/** `I1121 14:00:00.123456       1 file.go:123] message`, and CockroachDB's `I261121 14:00:00.123456 1 file.go:123 ...`. */
export const klog: Format = {
  name: 'klog',
  description: 'klog and glog: Kubernetes components, Dgraph, Triton, gRPC, CockroachDB',
  first: 'IWEFD',
  parse(bytes, start, end, facts) {
    let digits = start + 1;
    while (digits < end && isDigit(bytes[digits])) digits++;
    const count = digits - start - 1;
    if (count !== 4 && count !== 6 && count !== 8) return false;
    if (bytes[digits] !== 0x20 || digits + 9 > end) return false;
    if (!isDigit(bytes[digits + 1]) || !isDigit(bytes[digits + 2]) || bytes[digits + 3] !== 0x3a) return false;
    const level = levelOfLetter(bytes[start] ?? 0);
    facts.level = level === -1 ? 0 : level;
    facts.status = facts.mayHaveStatus ? respStatus(bytes, digits, end) : 0;
    facts.head = digits + 4;
    facts.anyDigits = true;
    facts.statusBehind = noStatusBehind;
    return true;
  },
};

/** The Kubernetes API server's request lines have `resp=200` near their end. */
function respStatus(bytes: Buffer, start: number, end: number): number {
  const found = bytes.subarray(start, end).lastIndexOf(RESP);
  if (found === -1) return 0;
  const at = start + found + RESP.length;
  if (!isDigit(bytes[at]) || !isDigit(bytes[at + 1]) || !isDigit(bytes[at + 2]) || at + 3 > end) return 0;
  if (at + 3 < end && bytes[at + 3] !== 0x20) return 0;
  const status = ((bytes[at] ?? 0) - ZERO) * 100 + ((bytes[at + 1] ?? 0) - ZERO) * 10 + (bytes[at + 2] ?? 0) - ZERO;
  return status >= 100 && status <= 599 ? status : 0;
}
