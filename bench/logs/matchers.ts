import type { Matcher } from '../../src/core/model/matcher.ts';

/** The sentence whose number the corpus knows for every minute. */
export const COUNTED: Matcher = { kind: 'pattern', pattern: 'payment \\d+ handed to order' };
/** The same, for the generator. */
export const COUNTED_TEXT = /payment \d+ handed to order/;

/** What users look for in their logs; with {@link COUNTED} and the shipped rules the matchers of about 30 rules. */
const PATTERNS = [
  'connection (refused|reset|timed out)',
  '(?i)out of memory|OOMKilled',
  '(?i)deadlock detected',
  '(?i)too many open files',
  'no space left on device',
  '(?i)certificate (has expired|is not yet valid)',
  'x509: .* unknown authority',
  '(?i)read-only file system',
  'context deadline exceeded',
  'i/o timeout',
  '(?i)permission denied',
  'java\\.lang\\.OutOfMemoryError',
  'IllegalStateException: \\w+',
  '(?i)segmentation fault|core dumped',
  'retry(ing)? in \\d+ ?(s|ms|seconds)',
  '(?i)circuit breaker .*open',
  'leader (lost|election failed)',
  'replica .* lag(s|ged)? \\d+',
  '(?i)authentication failed for user "?\\w+',
  'rate limit(ed)? exceeded',
  '(?i)queue is full',
];

/** Without those that the built-in columns answer. */
export const USER_MATCHERS: readonly Matcher[] = [
  COUNTED,
  ...PATTERNS.map((pattern): Matcher => ({ kind: 'pattern', pattern })),
  {
    kind: 'all',
    matchers: [
      { kind: 'level', atLeast: 5 },
      { kind: 'pattern', pattern: 'lease|token' },
    ],
  },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 429 },
];
