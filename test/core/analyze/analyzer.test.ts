import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Analyzer } from '../../../src/core/analyze/analyzer.ts';
import { createRedactor } from '../../../src/core/analyze/redact.ts';
import type { Cursor } from '../../../src/core/model/cycle.ts';
import { type Matcher, matcherId } from '../../../src/core/model/matcher.ts';
import { COLUMNS, countOf, LEVEL_COLUMN, LINES_COLUMN, STATUS_COLUMN, sparseCounts } from '../../../src/core/model/minute.ts';
import { analyze, refOf, START, startAnalysis, storedOf } from './analyze-fixture.ts';

const MATCHERS: readonly Matcher[] = [
  { kind: 'level', atLeast: 5 },
  { kind: 'pattern', pattern: 'refused' },
  { kind: 'pattern', pattern: '\\d{4}' },
  { kind: 'status', status: 404 },
  {
    kind: 'all',
    matchers: [
      { kind: 'level', atLeast: 5 },
      { kind: 'pattern', pattern: 'refused' },
    ],
  },
  {
    kind: 'any',
    matchers: [
      { kind: 'status', status: 404 },
      { kind: 'pattern', pattern: '(?i)REFUSED|timeout' },
    ],
  },
  {
    kind: 'any',
    matchers: [
      {
        kind: 'all',
        matchers: [
          { kind: 'level', atLeast: 4 },
          { kind: 'pattern', pattern: 'timeout|refused' },
        ],
      },
      { kind: 'status', status: 503 },
      { kind: 'pattern', pattern: 'nothing to see' },
    ],
  },
  { kind: 'not', matchers: [{ kind: 'level', atLeast: 4 }] },
  {
    kind: 'all',
    matchers: [
      { kind: 'level', atLeast: 4 },
      { kind: 'not', matchers: [{ kind: 'pattern', pattern: 'timeout|refused' }] },
    ],
  },
  {
    kind: 'any',
    matchers: [
      {
        kind: 'all',
        matchers: [{ kind: 'any_status' }, { kind: 'not', matchers: [{ kind: 'pattern', pattern: 'error/1' }] }],
      },
      { kind: 'not', matchers: [{ kind: 'pattern', pattern: '\\d{4}' }] },
    ],
  },
];

/** Lines of many formats with the level and status that they were made with. */
const KINDS: readonly ((level: 'info' | 'warn' | 'error', n: number) => { text: string; level: number; status: number })[] = [
  (level, n) => ({ text: `{"level":"${level}","ts":1.5,"msg":"refused ${n}"}`, level: LEVEL[level], status: 0 }),
  (level, n) => ({ text: `{"msg":"0 errors ${n}","level":"${level}"}`, level: LEVEL[level], status: 0 }),
  (level, n) => ({ text: `ts=x level=${level} msg="no ERROR ${n}"`, level: LEVEL[level], status: 0 }),
  (level, n) => ({
    text: `${level.charAt(0).toUpperCase()}1121 14:00:00.000000 1 a.go:${n}] timeout`,
    level: LEVEL[level],
    status: 0,
  }),
  (level, n) => ({ text: `2026-11-21 14:00:00,000 ${level.toUpperCase()} [x] a.B - ${n}`, level: LEVEL[level], status: 0 }),
  (level, n) => {
    const status = level === 'error' ? 503 : level === 'warn' ? 404 : 200;
    return { text: `10.0.0.1 - - [21/Nov/2026:14:00:00 +0000] "GET /error/${n} HTTP/1.1" ${status} 1`, level: 0, status };
  },
  (_level, n) => ({ text: `nothing to see ${n}`, level: 0, status: 0 }),
];
const LEVEL = { info: 3, warn: 4, error: 5 };

const line = fc.record({
  container: fc.integer({ min: 0, max: 2 }),
  kind: fc.integer({ min: 0, max: KINDS.length - 1 }),
  level: fc.constantFrom('info', 'warn', 'error'),
  n: fc.nat({ max: 20_000 }),
  second: fc.nat({ max: 200 }),
});

describe('analysis', () => {
  test('counts are those of the lines, however they arrive', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 60 }), fc.integer({ min: 1, max: 300 }), async (lines, chunkSize) => {
        const { analyzer, segments, framerFor } = startAnalysis({ matchers: MATCHERS });
        const truth = new Map<string, { columns: number[]; matched: Record<string, number> }>();
        const bodies = ['', '', ''];
        for (const { container, kind, level, n, second } of lines) {
          const made = KINDS[kind]?.(level, n) ?? assert.fail();
          bodies[container] += `${new Date((START + second) * 1000).toISOString()} ${made.text}\n`;
          const key = `c${container} ${Math.floor((START + second) / 60)}`;
          const minute = truth.get(key) ?? { columns: new Array<number>(COLUMNS).fill(0), matched: {} };
          truth.set(key, minute);
          const count = (column: number) => (minute.columns[column] = (minute.columns[column] ?? 0) + 1);
          count(0);
          count(LEVEL_COLUMN + made.level);
          if (made.status > 0) count(STATUS_COLUMN + Math.floor(made.status / 100) - 1);
          for (const matcher of MATCHERS.slice(1))
            if (takes(matcher, made)) minute.matched[matcherId(matcher)] = (minute.matched[matcherId(matcher)] ?? 0) + 1;
        }
        const reads = bodies.map((body, index) => ({ body: Buffer.from(body), position: 0, ...framerFor(refOf(`c${index}`)) }));
        while (reads.some(({ body, position }) => position < body.length)) {
          for (const read of reads) {
            read.framer.push(Buffer.from(read.body.subarray(read.position, read.position + chunkSize)));
            read.position += chunkSize;
          }
        }
        for (const { sink } of reads) await sink.flush();
        const counted = new Map(
          analyzer
            .minutes()
            .flatMap(({ ref, minutes }) =>
              minutes.map(({ minute, counts, matched }) => [`${ref.container} ${minute}`, { counts, matched }] as const),
            ),
        );
        const expected = [...truth].map(
          ([key, { columns, matched }]) => [key, { counts: sparseCounts(columns), matched }] as const,
        );
        assert.deepEqual(new Map([...counted].toSorted()), new Map(expected.toSorted()));
        assert.equal(analyzer.linesSeen, lines.length);
        assert.equal(
          segments.reduce((sum, segment) => sum + segment.lines, 0),
          lines.length,
        );
        assert.equal(storedOf(segments).length, lines.length);
      }),
      { numRuns: 100 },
    );
  });

  test('a segment says what is in it', async () => {
    const { segments } = await analyze(['@70 ERROR a', '@5 x', '@65 INFO b']);
    assert.deepEqual(
      segments.map(({ ref, lines, from, to, levels }) => ({ container: ref.container, lines, from, to, levels })),
      [{ container: 'app', lines: 3, from: START + 5, to: START + 70, levels: (1 << 5) | 1 | (1 << 3) }],
    );
  });

  test('minutes are in order and built-in matchers are not counted again', async () => {
    const { minutes } = await analyze(['@70 ERROR a', '@5 x'], { matchers: [{ kind: 'level', atLeast: 5 }] });
    assert.deepEqual(
      minutes[0]?.minutes.map(({ minute, matched }) => [minute - START / 60, matched]),
      [
        [0, {}],
        [1, {}],
      ],
    );
  });

  test('a matcher counts a stitched record once, wherever in it the pattern occurs', async () => {
    const matchers: Matcher[] = [{ kind: 'pattern', pattern: 'Connection refused' }];
    const trace = ['ERROR x', '\tat a.b(c)', '\tConnection refused', '\tConnection refused', 'INFO Connection ok'];
    const { minutes } = await analyze(trace, { matchers });
    assert.deepEqual(minutes[0]?.minutes[0]?.matched, { 'pattern=Connection refused': 1 });
  });

  test('a pattern is searched in the first 16 KiB', async () => {
    const matchers: Matcher[] = [{ kind: 'pattern', pattern: 'needle' }];
    const at = async (position: number) => {
      const { minutes } = await analyze([`${'x'.repeat(position)}needle`], { matchers, maxLine: 65_536 });
      return minutes[0]?.minutes[0]?.matched['pattern=needle'] ?? 0;
    };
    assert.equal(await at(16_384 - 6), 1);
    assert.equal(await at(16_384 - 5), 0);
  });

  test('what is stored, matched and classified has no colour codes and no secrets', async () => {
    const matchers: Matcher[] = [
      { kind: 'pattern', pattern: 'hunter2' },
      { kind: 'pattern', pattern: 'redacted' },
    ];
    const lines = ['\x1b[31mERROR\x1b[0m redis://:hunter2@h', 'redis://u:hunter2@h \x1b]0;t\x07x', 'a\0b pass\0word=hunter2'];
    const { stored, minutes } = await analyze(lines, { matchers });
    assert.deepEqual(stored, [
      { second: START, level: 5, status: 0, text: 'ERROR redis://:[redacted:url-password]@h' },
      { second: START, level: 0, status: 0, text: 'redis://u:[redacted:url-password]@h x' },
      { second: START, level: 0, status: 0, text: 'ab password=[redacted:password]' },
    ]);
    assert.deepEqual(minutes[0]?.minutes[0]?.matched, { 'pattern=redacted': 3 });
  });

  test('a private key that goes on after a cycle has ended is not stored', async () => {
    const cursor: Cursor = { ref: refOf('app'), since: 1, count: 1, chain: '', first: '', lastAt: 1, drained: false, missing: 0 };
    const first = await analyze(['before', '-----BEGIN PRIVATE KEY-----', 'MIIEvQIBADANBgkqhkiG9w0B']);
    const cursors = first.analyzer.resumeAt([cursor]);
    assert.ok((cursors[0]?.keyLines ?? 0) > 0);
    const unread = startAnalysis({ cursors }).analyzer.resumeAt([cursor]);
    assert.deepEqual(unread, cursors, 'a cycle that reads nothing of it keeps that in mind');
    const next = await analyze(['AQEFAASCBKcwggSjAgEAAoIB', '-----END PRIVATE KEY-----', 'after'], { cursors: unread });
    assert.deepEqual(
      next.stored.map(({ text }) => text),
      ['[redacted:private-key]', '[redacted:private-key]', 'after'],
    );
    assert.deepEqual(next.analyzer.resumeAt(cursors), [cursor]);
  });

  test('a private key over several lines is not stored, in one container only', async () => {
    const { segments, framerFor } = startAnalysis();
    const reads = [framerFor(refOf('a')), framerFor(refOf('b'))];
    for (const text of ['-----BEGIN PRIVATE KEY-----', 'MIIEpAIB', '-----END PRIVATE KEY-----', 'done'])
      for (const { framer } of reads.slice(0, text === 'MIIEpAIB' ? 2 : 1))
        framer.push(Buffer.from(`2026-11-21T14:00:00Z ${text}\n`));
    for (const { sink } of reads) await sink.flush();
    const [a, b] = segments.map((segment) => storedOf([segment]).map(({ text }) => text));
    const hidden = '[redacted:private-key]';
    assert.deepEqual([a, b], [[hidden, hidden, hidden, 'done'], ['MIIEpAIB']]);
  });

  test('a cut line says so', async () => {
    const { stored } = await analyze([`ERROR ${'x'.repeat(100)}`], { maxLine: 50 });
    assert.equal(stored[0]?.text, `ERROR ${'x'.repeat(44)} [56 bytes cut]`);
  });

  test('any bytes are stored as they came', async () => {
    const { segments, framerFor } = startAnalysis();
    const { framer, sink } = framerFor(refOf('a'));
    const odd = Buffer.from([0, 1, 0xff, 0xfe, 0x80, 0x0d, 0x22, 0xc3]);
    framer.push(Buffer.concat([Buffer.from('2026-11-21T14:00:00Z '), odd, Buffer.from('\n')]));
    await sink.flush();
    assert.ok(segments[0]?.bytes.subarray(36).equals(Buffer.concat([odd, Buffer.from('\n')])));
  });

  test('the same instance has one sink, and a restarted container another', () => {
    const { analyzer } = startAnalysis();
    assert.equal(analyzer.sinkFor(refOf('a')), analyzer.sinkFor(refOf('a')));
    assert.notEqual(analyzer.sinkFor(refOf('a')), analyzer.sinkFor({ ...refOf('a'), containerID: 'containerd://2' }));
  });

  test('large reads go on in segments of about 256 KiB, and flush waits for the store', async () => {
    let open = 0;
    const sizes: number[] = [];
    const release: (() => void)[] = [];
    const analyzer = new Analyzer({
      matchers: [],
      redactor: createRedactor([]),
      maxLine: 4096,
      segments: {
        write({ bytes }) {
          open++;
          sizes.push(bytes.length);
          return new Promise((resolve) =>
            release.push(() => {
              open--;
              resolve();
            }),
          );
        },
      },
    });
    const sink = analyzer.sinkFor(refOf('a'));
    const text = Buffer.from('x'.repeat(1000));
    for (let i = 0; i < 1000; i++)
      sink.line({ block: text, textStart: 0, end: text.length, second: START, nanos: 0, cut: 0, marks: 0, head: -1 });
    const flushed = sink.flush().then(() => open);
    assert.ok(sizes.length >= 4 && sizes.every((size) => size < 300_000), String(sizes));
    for (const resolve of release) resolve();
    assert.equal(await flushed, 0);
  });

  test('a trace is one record although the read asked in between whether more can be taken', async () => {
    const { analyzer, segments, framerFor } = startAnalysis();
    const { framer, sink } = framerFor(refOf('a'));
    framer.push(Buffer.from('2026-11-21T14:00:00Z ERROR failed\n'));
    await sink.ready();
    framer.push(Buffer.from('2026-11-21T14:00:00Z \tat a.B.c(B.java:1)\n'));
    await sink.flush();
    assert.deepEqual(
      storedOf(segments).map(({ text }) => text),
      ['ERROR failed\n\tat a.B.c(B.java:1)'],
    );
    assert.deepEqual(
      analyzer.minutes().map(({ minutes }) => minutes.map((minute) => countOf(minute, LINES_COLUMN))),
      [[1]],
    );
  });

  test('flush fails when the store could not take a segment', async () => {
    const analyzer = new Analyzer({
      matchers: [],
      redactor: createRedactor([]),
      maxLine: 4096,
      segments: { write: () => Promise.reject(new Error('disk full')) },
    });
    const sink = analyzer.sinkFor(refOf('a'));
    sink.line({ block: Buffer.from('x'), textStart: 0, end: 1, second: START, nanos: 0, cut: 0, marks: 0, head: -1 });
    await assert.rejects(sink.flush(), /disk full/);
  });
});

function takes(matcher: Matcher, made: { readonly text: string; readonly level: number; readonly status: number }): boolean {
  switch (matcher.kind) {
    case 'level':
      return made.level >= matcher.atLeast;
    case 'status':
      return made.status === matcher.status;
    case 'pattern':
      return matcher.pattern.startsWith('(?i)')
        ? new RegExp(matcher.pattern.slice(4), 'i').test(made.text)
        : new RegExp(matcher.pattern).test(made.text);
    case 'any':
      return matcher.matchers.some((inner) => takes(inner, made));
    case 'all':
      return matcher.matchers.every((inner) => takes(inner, made));
    case 'not':
      return !matcher.matchers.some((inner) => takes(inner, made));
    case 'any_status':
      return made.status !== 0;
    default:
      return assert.fail(matcher.kind);
  }
}
