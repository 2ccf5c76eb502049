import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Frame, LineFramer, type Tail } from '../../../src/core/analyze/frame.ts';
import { marksIn } from '../../../src/core/analyze/scan/line-marks.ts';

interface Seen {
  readonly lines: { raw: string; text: string; second: number; nanos: number; cut: number; cutHash: number }[];
  readonly orphans: string[];
  readonly tail: Tail | null;
  readonly count: number;
}

function frame(chunks: readonly Buffer[], { maxLine = 1000, final = false } = {}): Seen {
  const lines: Seen['lines'] = [];
  const orphans: string[] = [];
  const framer = new LineFramer(maxLine, {
    onLine(f: Frame) {
      lines.push({
        raw: f.block.toString('latin1', f.lineStart, f.end),
        text: f.block.toString('latin1', f.textStart, f.end),
        second: f.second,
        nanos: f.nanos,
        cut: f.cut,
        cutHash: f.cut === 0 ? 0 : f.cutHash,
      });
    },
    onOrphan: (text) => orphans.push(text.toString('latin1')),
  });
  for (const chunk of chunks) framer.push(chunk);
  const tail = framer.end(final);
  return { lines, orphans, tail, count: framer.orphans };
}

const texts = (body: string, options = {}) => frame([Buffer.from(body, 'latin1')], options).lines.map((line) => line.text);
const AT = '2026-11-21T14:00:00.123456789Z';
const SECOND = Date.UTC(2026, 10, 21, 14) / 1000;

describe('framing', () => {
  test('a line is its text behind the timestamp', () => {
    const { lines } = frame([Buffer.from(`${AT} hello\n${AT} \n${AT}\n`)]);
    assert.deepEqual(
      lines.map((line) => [line.text, line.second, line.nanos]),
      [
        ['hello', SECOND, 123456789],
        ['', SECOND, 123456789],
        ['', SECOND, 123456789],
      ],
    );
  });

  test('timestamps may have 0 to 9 fractional digits and an offset', () => {
    const table: [string, number, number][] = [
      ['2026-11-21T14:00:00Z', 0, 0],
      ['2026-11-21T14:00:01.5Z', 1, 500_000_000],
      ['2026-11-21T14:00:59.000000001Z', 59, 1],
      ['2026-11-21T16:00:00.25+02:00', 0, 250_000_000],
      ['2026-11-21T08:30:07.1-05:30', 7, 100_000_000],
      ['2026-11-21T14:01:00+00:00', 60, 0],
      ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29) / 1000 - SECOND, 0],
    ];
    for (const [prefix, second, nanos] of table) {
      const [line] = frame([Buffer.from(`${prefix} x\n`)]).lines;
      assert.deepEqual([line?.text, (line?.second ?? 0) - SECOND, line?.nanos], ['x', second, nanos], prefix);
    }
  });

  test('what does not begin with a timestamp is an orphan, never a line', () => {
    const wrong = [
      'unable to retrieve container logs for containerd://abc',
      '',
      '2026-11-21 14:00:00Z x',
      '2026-13-21T14:00:00Z x',
      '2026-02-30T14:00:00Z x',
      '2026-11-21T24:00:00Z x',
      '2026-11-21T14:00:00.Z x',
      '2026-11-21T14:00:00.1234567890Z x',
      '2026-11-21T14:00:00 x',
      '2026-11-21T14:00:00+0200 x',
      '2026-11-21T14:00:00Zx',
      '2026-11-21T14:00:00.123456789',
    ];
    const seen = frame([Buffer.from(`${wrong.join('\n')}\n${AT} good\n`)]);
    assert.deepEqual(seen.orphans, wrong);
    assert.equal(seen.count, wrong.length);
    assert.equal(seen.lines.length, 1);
  });

  test('an orphan is handed over with at most 1 KiB', () => {
    assert.equal(frame([Buffer.from(`${'x'.repeat(5000)}\n`)], { maxLine: 100_000 }).orphans[0]?.length, 1024);
  });

  test('one carriage return before the line end is no text', () => {
    assert.deepEqual(texts(`${AT} a\r\n${AT} b\r\r\n${AT} \r\n${AT} c\rd\n`), ['a', 'b\r', '', 'c\rd']);
  });

  test('an unterminated tail is reported and not handed over while the container runs', () => {
    const seen = frame([Buffer.from(`${AT} a\n${AT} b`)]);
    assert.equal(seen.lines.length, 1);
    assert.equal(seen.tail?.bytes.toString(), `${AT} b`);
    assert.equal(seen.tail?.timestamped, true);
    assert.equal(frame([Buffer.from(`${AT} a\nfailed to open log file`)]).tail?.timestamped, false);
    assert.equal(frame([Buffer.from(`${AT} a\n`)]).tail, null);
  });

  test('an unterminated tail is a line once the container has ended', () => {
    assert.deepEqual(texts(`${AT} a\n${AT} b`, { final: true }), ['a', 'b']);
    assert.deepEqual(frame([Buffer.from(`${AT} a\nrpc error`)], { final: true }).orphans, ['rpc error']);
  });

  test('a line of max_line bytes is whole and one byte more is cut', () => {
    const cut = (length: number, end: string) =>
      frame([Buffer.from(`${AT} ${'x'.repeat(length)}${end}`)], { maxLine: 10 }).lines.map((l) => [l.text.length, l.cut])[0];
    assert.deepEqual(cut(10, '\n'), [10, 0]);
    assert.deepEqual(cut(10, '\r\n'), [10, 0]);
    assert.deepEqual(cut(11, '\n'), [10, 1]);
    assert.deepEqual(cut(500, '\r\n'), [10, 490]);
  });

  test('lines that differ only in what was cut have different hashes', () => {
    const [a, b] = frame([Buffer.from(`${AT} ${'x'.repeat(50)}a\n${AT} ${'x'.repeat(50)}b\n`)], { maxLine: 10 }).lines;
    assert.equal(a?.raw, b?.raw);
    assert.notEqual(a?.cutHash, b?.cutHash);
  });

  test('a line of 64 MiB holds no more memory than max_line', () => {
    const chunk = Buffer.alloc(1 << 20, 0x61);
    const framer = new LineFramer(1 << 18, {
      onLine(f) {
        assert.equal(f.end - f.textStart, 1 << 18);
        assert.equal(f.cut, (64 << 20) - (1 << 18));
        assert.ok(f.block.buffer.byteLength < 1 << 20);
      },
      onOrphan: () => assert.fail('it has a timestamp'),
    });
    framer.push(Buffer.from(`${AT} `));
    for (let i = 0; i < 64; i++) framer.push(chunk);
    framer.push(Buffer.from('\n'));
  });

  test('what is marked in a line is in it, wherever the passes over a chunk end', () => {
    const piece = fc.constantFrom(
      'HTTP',
      'status',
      'Status',
      'TP',
      'HTT',
      'tus',
      'atus',
      'STATUS',
      '\x1b',
      '\0',
      '\x1f',
      '\t',
      'x',
      ' ',
      'words of a line ',
      '\r',
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    const body = fc.record({
      ahead: fc.integer({ min: 65_400, max: 65_560 }),
      texts: fc.array(text, { minLength: 1, maxLength: 40 }),
    });
    fc.assert(
      fc.property(body, fc.integer({ min: 1, max: 70_000 }), ({ ahead, texts }, split) => {
        const bytes = Buffer.from([`${AT} ${'x'.repeat(ahead)}`, ...texts.map((each) => `${AT} ${each}`), ''].join('\n'));
        const seen: string[] = [];
        const framer = new LineFramer(1 << 18, {
          onLine({ block, textStart, end, marks }) {
            assert.equal(marks, marksIn(block, textStart, end));
            seen.push(block.toString('latin1', textStart, end));
          },
          onOrphan: () => assert.fail('every line has a timestamp'),
        });
        framer.push(bytes.subarray(0, split));
        framer.push(bytes.subarray(split));
        assert.deepEqual(
          seen.slice(1),
          texts.map((each) => each.replace(/\r$/, '')),
        );
      }),
      { numRuns: 100 },
    );
  });

  test('each line has the time that it has alone, whatever lines stand before it', () => {
    const minute = fc.constantFrom(
      '2026-11-21T14:00',
      '2026-11-21T14:01',
      '2026-11-21T23:59',
      '2026-13-21T14:00',
      'no time at all :',
    );
    const second = fc.constantFrom(':00', ':09', ':59', ':60', ':61', ':6x', '.00');
    const rest = fc.constantFrom(
      '.123456789Z ',
      '.000000000Z ',
      '.999999999Z',
      '.12Z ',
      'Z ',
      '.123456789+02:00 ',
      '.12345678xZ ',
      '',
    );
    const line = fc.tuple(minute, second, rest, fc.constantFrom('', 'x', '\r', 'text\r', '\ttext'));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 40 }), (lines) => {
        const texts = lines.map((parts) => `${parts.join('')}\n`);
        const together = frame([Buffer.from(texts.join(''))]);
        const alone = texts.map((each) => frame([Buffer.from(each)]));
        assert.deepEqual(
          together.lines,
          alone.flatMap((seen) => seen.lines),
        );
        assert.deepEqual(
          together.orphans,
          alone.flatMap((seen) => seen.orphans),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('more lines than one pass tells of are all handed over', () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => (index % 3 === 0 ? '' : 'x'));
    assert.deepEqual(frame([Buffer.from(`${lines.join('\n')}\n`)]).orphans, lines);
  });

  test('the chunks do not matter', () => {
    const piece = fc.oneof(
      fc.constantFrom('\n', '\r\n', `${AT} `, '2026-11-21T16:00:00.25+02:00 ', 'x', '\0', '\x1b[31m', '\xff', 'word '),
      fc.string({ maxLength: 30 }),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.array(fc.nat({ max: 60 }), { maxLength: 30 }),
        fc.boolean(),
        (pieces, cuts, final) => {
          const body = Buffer.from(pieces.join(''), 'latin1');
          const chunks: Buffer[] = [];
          let start = 0;
          for (const cut of cuts) {
            chunks.push(body.subarray(start, start + cut));
            start = Math.min(body.length, start + cut);
          }
          chunks.push(body.subarray(start));
          const options = { maxLine: 12, final };
          const whole = frame([body], options);
          assert.deepEqual(frame(chunks, options), whole);
          assert.deepEqual(
            frame(
              [...body].map((byte) => Buffer.from([byte])),
              options,
            ),
            whole,
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
