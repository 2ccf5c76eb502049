import { levelOfSeverity } from '../level-word.ts';
import { accessLog } from './access-log.ts';
import { emptyFacts, type Format } from './format.ts';

/** `<34>1 2026-11-21T14:00:00Z host app ...`, `<34>Nov 21 14:00:00 host app: ...`, and systemd's `<6>message`. */
export const syslog: Format = {
  name: 'syslog',
  description: 'syslog with a priority in front (RFC 3164, RFC 5424) and systemd prefixes',
  first: '<',
  parse(bytes, start, end, facts) {
    let priority = 0;
    let position = start + 1;
    while (position < end && position < start + 4) {
      const digit = (bytes[position] ?? 0) - 48;
      if (digit >>> 0 > 9) break;
      priority = priority * 10 + digit;
      position++;
    }
    if (position === start + 1 || position >= end || bytes[position] !== 0x3e || priority > 191) return false;
    facts.level = levelOfSeverity(priority % 8);
    facts.status = facts.mayHaveStatus ? statusOfAccess(bytes, position + 1, end) : 0;
    return true;
  },
};

/** The status of an access log's line behind the priority, else 0. */
function statusOfAccess(bytes: Buffer, start: number, end: number): number {
  const facts = emptyFacts(true);
  return accessLog.parse(bytes, start, end, facts) ? facts.status : 0;
}
