import { lineWithStatus } from './line-with-status.ts';

const LINE = /^(?:https?|h2|wss?|grpcs?) \d{4}-\S+ \S+ \S+ \S+ -?[\d.]+ -?[\d.]+ -?[\d.]+ (\d{3}|-) /;

/** `http 2026-11-21T14:00:00.123456Z app/lb/1 client:port target:port 0.0 0.0 0.0 200 200 34 366 "GET ..."`: the status for the client stands first. */
export const loadBalancer = lineWithStatus({
  name: 'load-balancer',
  description: 'access log of AWS application load balancers',
  first: 'hgw',
  pattern: LINE,
  mayBe: (bytes, start) => bytes[start + 1] !== 0x6f,
});
