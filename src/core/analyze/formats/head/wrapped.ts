import type { Level } from '../../../model/log-line.ts';
import { emptyFacts } from '../format.ts';
import { json } from '../json.ts';
import { klog } from '../klog.ts';
import { logfmt } from '../logfmt.ts';

/** The level of a whole record of klog, logfmt or JSON that stands behind a head at `start`; 0 when none does. */
export function levelOfWrapped(bytes: Buffer, start: number, end: number): Level {
  const facts = emptyFacts(false);
  const first = bytes[start];
  if (first === 0x7b)
    return bytes[start + 1] === 0x22 && bytes[end - 1] === 0x7d && json.parse(bytes, start, end, facts) ? facts.level : 0;
  return klog.parse(bytes, start, end, facts) || logfmt.parse(bytes, start, end, facts) ? facts.level : 0;
}
