import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RecordCounter } from '../../../src/core/analyze/record-counter.ts';
import type { Segment } from '../../../src/core/analyze/segment.ts';
import type { ContainerMinutes } from '../../../src/core/model/cycle.ts';
import type { LineValue } from '../../../src/core/model/line-value.ts';
import type { Matcher } from '../../../src/core/model/matcher.ts';
import { analyze, refOf } from './analyze-fixture.ts';

const pattern = (source: string): Matcher => ({ kind: 'pattern', pattern: source });

const MATCHERS: readonly Matcher[] = [
  pattern('refused'),
  pattern('(?i)time ?out|PANIC'),
  pattern('\\d{4}'),
  pattern('refused[\\s\\S]*at line'),
  pattern(' at '),
  pattern('end$'),
  { kind: 'status', status: 503 },
  { kind: 'all', matchers: [{ kind: 'level', atLeast: 5 }, pattern('refused')] },
  { kind: 'any', matchers: [{ kind: 'status', status: 404 }, pattern('(?i)panic')] },
  {
    kind: 'all',
    matchers: [
      { kind: 'level', atLeast: 5 },
      { kind: 'not', matchers: [pattern('(?i)panic')] },
    ],
  },
];

const VALUES: readonly LineValue[] = [
  { field: 'latency', unit: 'milliseconds' },
  { field: 'size', unit: 'plain' },
];

const LINES = [
  '{"level":"info","latency":"120ms","size":77}',
  'level=info msg=done latency=1.5s',
  'level=error msg=refused size=12',
  '{"level":"error","msg":"connection refused"}',
  '{"level":"info","msg":"Time Out 1234"}',
  'java.lang.IllegalStateException: refused\n\tat line 7\n\tat line 8',
  '10.0.0.1 - - [21/Nov/2026:14:00:00 +0000] "GET / HTTP/1.1" 503 1',
  '10.0.0.1 - - [21/Nov/2026:14:00:00 +0000] "GET / HTTP/1.1" 404 1',
  'ERROR panic: é refused',
  `${'.'.repeat(17_000)} refused end`,
  'password=hunter2222 refused',
  'the end',
];

/** What was found, by minute. */
const matchedOf = (minutes: readonly ContainerMinutes[]) =>
  minutes.flatMap((each) =>
    each.minutes.flatMap(({ minute, matched, values }) =>
      Object.keys(matched).length > 0 || values !== undefined ? [{ minute, matched, values }] : [],
    ),
  );

async function countAll(segments: readonly Segment[], isLate: () => boolean) {
  const counter = new RecordCounter({ matchers: MATCHERS, values: VALUES }, null);
  let calls = 0;
  for (const segment of segments) {
    for (let position = 0; position < segment.bytes.length; calls++) position = counter.count(segment, position, isLate);
  }
  return { ...(await counter.take()), calls };
}

test('stored records count as they did when they were collected', async () => {
  const said = fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.constantFrom(...LINES)), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(said, fc.boolean(), async (lines, isLate) => {
      const text = lines.toSorted(([a], [b]) => a - b).flatMap(([at, line]) => line.split('\n').map((each) => `@${at} ${each}`));
      const { segments, minutes, analyzer } = await analyze(text, { matchers: MATCHERS, values: VALUES, maxLine: 65_536 });
      const late = await countAll(segments, () => isLate);
      assert.deepEqual(matchedOf(late.minutes), matchedOf(minutes));
      assert.deepEqual(late.counted, analyzer.counted);
      assert.ok(late.minutes.every(({ ref }) => ref.container === refOf('app').container));
    }),
    { numRuns: 200 },
  );
});

test('counting stops within a segment when it is late, and goes on there', async () => {
  const lines = Array.from({ length: 1_000 }, (_, i) => `line ${i} refused`);
  const { segments } = await analyze(lines, { matchers: MATCHERS });
  const { calls, minutes } = await countAll(segments, () => true);
  assert.ok(calls > 20, `${calls} calls`);
  assert.equal(
    minutes[0]?.minutes.reduce((sum, { matched }) => sum + (matched['pattern=refused'] ?? 0), 0),
    1_000,
  );
});
