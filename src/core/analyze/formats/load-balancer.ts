import type { Format } from './format.ts';

const LINE = /^(?:https?|h2|wss?|grpcs?) \d{4}-\S+ \S+ \S+ \S+ -?[\d.]+ -?[\d.]+ -?[\d.]+ (\d{3}|-) /;
/** What is searched of a line. */
const SEARCHED = 2048;

/** `http 2026-11-21T14:00:00.123456Z app/lb/1 client:port target:port 0.0 0.0 0.0 200 200 34 366 "GET ..."`: the status for the client stands first. */
export const loadBalancer: Format = {
  name: 'load-balancer',
  description: 'access log of AWS application load balancers',
  first: 'hgw',
  parse(bytes, start, end, facts) {
    if (bytes[start + 1] === 0x6f) return false;
    const match = LINE.exec(bytes.toString('latin1', start, Math.min(end, start + SEARCHED)));
    if (match === null) return false;
    const status = Number(match[1]);
    facts.level = 0;
    facts.status = status >= 100 && status <= 599 ? status : 0;
    return true;
  },
};
