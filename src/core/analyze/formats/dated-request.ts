import { DIGITS } from './format.ts';
import { lineWithStatus } from './line-with-status.ts';

const METHOD = '(?:GET|POST|PUT|DELETE|HEAD|PATCH|OPTIONS)';
/** Kemal's, Dart shelf's, Artifactory's, and the classic load balancer's of AWS. */
const FORMS = [
  String.raw` UTC (\d{3}) ${METHOD} /`,
  String.raw`\.\d{6}  \d+:\d\d:\d\d\.\d+ [A-Z]+ +\[(\d{3})\] /`,
  String.raw`\.\d{3}Z\|\w*\|[\da-f.:]+\|[^|]*\|[A-Z]+\|[^|]*\|(\d{3})\|`,
  String.raw`\.\d{6}Z \S+ [\da-f.]+:\d+ \S+ -?[\d.]+ -?[\d.]+ -?[\d.]+ (\d{3}|-) (?:\d{3}|-) `,
];
const LINE = new RegExp(String.raw`^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:${FORMS.join('|')})`);

/** Request lines that begin with a date and go on without a level: `2026-11-21 14:00:00 UTC 200 GET / 1.2ms`, `2026-11-21T14:00:00.123Z|5a|10.0.0.1|x|GET|/|200|`. */
export const datedRequest = lineWithStatus({
  name: 'dated-request',
  description: 'request lines of Kemal, Dart shelf, Artifactory and AWS classic load balancers',
  first: DIGITS,
  pattern: LINE,
  mayBe: (bytes, start) =>
    bytes[start + 4] === 0x2d &&
    (bytes[start + 24] === 0x7c || bytes[start + 26] === 0x5a || bytes[start + 27] === 0x20 || bytes[start + 20] === 0x55),
});
