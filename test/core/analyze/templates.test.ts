import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { gistOf } from '../../../src/core/analyze/templates/gist.ts';
import { masked } from '../../../src/core/analyze/templates/mask.ts';
import { PatternCounter } from '../../../src/core/analyze/templates/pattern-counter.ts';
import { PatternMiner } from '../../../src/core/analyze/templates/pattern-miner.ts';
import { recordShape } from '../../../src/core/analyze/templates/record-hash.ts';
import type { Level } from '../../../src/core/model/log-line.ts';
import { MOST_PATTERNS, MOST_PATTERNS_PER_CONTAINER, type PatternCounts } from '../../../src/core/model/pattern.ts';
import { workload } from '../../build.ts';
import { cpuTime } from '../../cpu-time.ts';

const START = 1_795_000_000;

/** The patterns of records, one each second. */
function mine(records: readonly string[], level: Level = 5, miner = new PatternMiner()): readonly PatternCounts[] {
  const counter = new PatternCounter(miner, workload('shop/checkout'), 'app');
  for (const [index, record] of records.entries()) count(counter, record, START + index, level);
  return counter.take().patterns;
}

function count(counter: PatternCounter, record: string, second: number, level: Level = 5): void {
  const bytes = Buffer.from(record.replaceAll('\n', '\n '));
  counter.count(bytes, 0, bytes.length, { second, nanos: 0, level });
}

/** `3 × template`, in the order in which they came. */
function told(patterns: readonly PatternCounts[]): readonly string[] {
  return patterns.map(
    ({ template, minutes }) => `${minutes.filter((_, i) => i % 2 === 1).reduce((a, b) => a + b, 0)} × ${template}`,
  );
}

suite('masks', () => {
  const MASKS: readonly (readonly [text: string, expected: string])[] = [
    [
      '2026-11-21T14:00:00.123Z order 1234 failed after 30s (attempt 3/5)',
      '<time> order <num> failed after <num> (attempt <num>/<num>)',
    ],
    ['dial tcp [::1]:5432: connect: refused by 10.0.0.1:5432', 'dial tcp <ip>: connect: refused by <ip>'],
    ['request 4bf92f35-77b3-4da6-a3ce-929d0e0e4736 of alice@example.com', 'request <uuid> of <email>'],
    ["could not open '/var/lib/x' nor \"y\", can't go on", "could not open <str> nor <str>, can't go on"],
    ['lost postgres://app:[redacted:url-password]@db.svc:5432/shop (again)', 'lost <url> (again)'],
    ['cannot read /var/lib/shop/7.db from https://shop.example.com/a?b=c', 'cannot read <path> from <url>'],
    ['at 0x7ffe used 512Mi (50%) of pod checkout-7d9f8b6c5-x2x9z', 'at <hex> used <num> (<num>) of pod <id>'],
    ['no such thing as a number here', 'no such thing as a number here'],
  ];
  for (const [text, expected] of MASKS) test(expected, () => assert.equal(masked(text), expected));

  test('masking takes linear time', () => {
    const took = cpuTime(() => {
      for (const each of ['a', '"', 'a://[redacted:', "'", '/a', '1.', 'a:', '0x', '::', 'a@', '-1']) masked(each.repeat(2_000));
    });
    assert.ok(took < 1_000, `${took} ms`);
  });
});

suite('what a record is about', () => {
  const GISTS: readonly (readonly [text: string, gist: string])[] = [
    ['{"level":"error","time":1,"msg":"request failed","err":"EOF","tenant":"a"}', 'request failed: EOF'],
    [
      '{"level":"error","msg":"request failed","error":{"type":"TimeoutError","message":"too slow"}}',
      'request failed: too slow TimeoutError',
    ],
    ['level=error ts=1 msg="could not push" err="connection refused"', 'could not push: connection refused'],
    [
      'ERROR o.e.Shop - failed\njava.lang.IllegalStateException: boom\n\tat a.B.c(B.java:1)',
      'ERROR o.e.Shop - failed java.lang.IllegalStateException',
    ],
    [
      'Traceback (most recent call last):\n  File "a.py", line 1, in b\nshop.PayFault: no',
      'Traceback (most recent call last): shop.PayFault',
    ],
    ['Exception in thread "main" java.lang.Error: x\n\tat a.B.c(B.java:1)', 'Exception in thread "main" java.lang.Error: x'],
    ['{"level":"error","time":1,"code":17,"op":"pay"}', 'level=error code=17 op=pay'],
  ];
  for (const [text, gist] of GISTS) test(gist, () => assert.equal(gistOf(text).replaceAll(/ +/g, ' '), gist));
});

suite('patterns', () => {
  test('records that differ in what varies have one pattern', () => {
    const patterns = mine([
      '2026-11-21T14:00:00Z ERROR order 1 failed after 30ms',
      '2026-11-21T14:00:01Z ERROR order 2 failed after 7ms',
      '2026-11-21T14:00:02Z ERROR stock is low',
    ]);
    assert.deepEqual(told(patterns), ['2 × <time> ERROR order <num> failed after <num>', '1 × <time> ERROR stock is low']);
    assert.match(patterns[0]?.id ?? '', /^[0-9a-f]{16}$/);
    assert.equal(patterns[0]?.sample, '2026-11-21T14:00:00Z ERROR order 1 failed after 30ms');
    assert.equal(patterns[0]?.firstAt, START * 1000);
    assert.equal(patterns[0]?.lastAt, (START + 1) * 1000);
  });

  test('words that differ between alike records are left open, and the pattern keeps its id', () => {
    const [first] = mine(['login failed for user alice']);
    const [widened, ...others] = mine([
      'login failed for user alice',
      'login failed for user bob',
      'login failed for user carol',
    ]);
    assert.deepEqual(told([widened, ...others].flatMap((each) => each ?? [])), ['3 × login failed for user <*>']);
    assert.equal(widened?.id, first?.id);
  });

  test('short texts that differ in a word are two', () => {
    assert.equal(mine(['payment declined', 'payment refused', 'timeout calling stock', 'timeout calling mail']).length, 4);
  });

  test('many names in one place become one pattern in the end', () => {
    const names = 'anna bert cara dora emil fred gina hans ines jost kira lars mona nora otto paul'.split(' ');
    const patterns = mine(
      names.flatMap((name) => names.slice(0, 4).map((other) => `order of ${name} taken over by ${other} again`)),
    );
    assert.ok(patterns.length <= 16, String(patterns.length));
  });

  test('the level is part of a pattern', () => {
    const miner = new PatternMiner();
    const [one] = mine(['disk is full'], 4, miner);
    const [other] = mine(['disk is full'], 5, miner);
    assert.notEqual(one?.id, other?.id);
  });

  test('the same trace is one pattern, whatever its line numbers; another exception is another', () => {
    const trace = (line: number, thrown = 'java.io.IOException') =>
      `ERROR o.e.Shop - request failed\n${thrown}: connection ${line} lost\n\tat a.B.c(B.java:${line})\n\tat a.D.e(D.java:${line + 1})`;
    const patterns = mine([trace(1), trace(20), trace(7, 'java.lang.NullPointerException')]);
    assert.deepEqual(told(patterns), [
      '2 × ERROR o.e.Shop - request failed java.io.IOException',
      '1 × ERROR o.e.Shop - request failed java.lang.NullPointerException',
    ]);
  });

  test('counts are by minute, in order, whatever the order of the records', () => {
    const counter = new PatternCounter(new PatternMiner(), workload('shop/checkout'), 'app');
    const minute = Math.floor(START / 60) + 10;
    for (const ago of [0, 1, 0, 2, 0]) count(counter, 'boom', (minute - ago) * 60);
    assert.deepEqual(counter.take().patterns[0]?.minutes, [minute - 2, 1, minute - 1, 1, minute, 3]);
    assert.deepEqual(counter.take(), { patterns: [], dropped: 0 });
  });

  test('after a restart known patterns keep their ids', () => {
    const before = mine(['login failed for user alice', 'login failed for user bob', 'disk 7 is full']);
    const miner = new PatternMiner();
    const scope = miner.scope(workload('shop/checkout'), 'app');
    for (const pattern of before) miner.know(scope, pattern);
    const after = mine(['disk 9 is full', 'login failed for user zoe'], 5, miner);
    assert.deepEqual(new Set(after.map(({ id }) => id)), new Set(before.map(({ id }) => id)));
  });

  test('at the bound of one container the least recently seen go, and that is told', () => {
    const miner = new PatternMiner();
    const word = (index: number) => [...String(index)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
    const counter = () => new PatternCounter(miner, workload('shop/checkout'), 'app');
    const first = counter();
    for (let i = 0; i < MOST_PATTERNS_PER_CONTAINER; i++) count(first, `${word(i)} failed`, START + i);
    assert.equal(first.take().dropped, 0);
    const second = counter();
    count(second, 'one more', START + 10_000);
    const taken = second.take();
    assert.equal(taken.patterns.length, 1);
    assert.ok(taken.dropped >= 1 && taken.dropped <= MOST_PATTERNS_PER_CONTAINER / 5, String(taken.dropped));
    assert.equal(miner.scope(workload('shop/checkout'), 'app').tree.size, MOST_PATTERNS_PER_CONTAINER + 1 - taken.dropped);
    const third = counter();
    for (let i = 0; i < MOST_PATTERNS_PER_CONTAINER + 5; i++) count(third, `${word(i)} broke`, START + 20_000 + i);
    const most = third.take();
    assert.equal(most.patterns.length, MOST_PATTERNS_PER_CONTAINER);
    assert.ok(most.dropped >= 5);
  });

  test('at the bound of all containers the least recently seen go', () => {
    const miner = new PatternMiner();
    const word = (index: number) => [...String(index)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
    const scopes = Array.from({ length: 80 }, (_, i) => workload(`shop/w${i}`));
    for (const [index, each] of scopes.entries()) {
      const counter = new PatternCounter(miner, each, 'app');
      for (let i = 0; i < 150; i++) count(counter, `${word(i)} failed`, START + index * 1000 + i);
    }
    const sizes = scopes.map((each) => miner.scope(each, 'app').tree.size);
    assert.ok(sizes.reduce((a, b) => a + b, 0) <= MOST_PATTERNS);
    assert.equal(sizes[0], 0);
    assert.equal(sizes.at(-1), 150);
  });
});

suite('shapes', () => {
  const hash = (text: string) => {
    const { low, high } = recordShape(Buffer.from(text), 0, Buffer.byteLength(text));
    return `${low} ${high}`;
  };

  test('words with digits do not matter, all others do', () => {
    assert.equal(hash('order 17 of user-3 failed'), hash('order 9 of user-4711 failed'));
    assert.notEqual(hash('order 17 failed'), hash('order 17 broke'));
    assert.notEqual(hash('order 17 failed'), hash('order failed 17'));
  });

  test('different texts without digits have different shapes', () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom(...'abcdefXYZ-_'), minLength: 1, maxLength: 8 }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(words, words, (a, b) => {
        const [one, other] = [a.join(' '), b.join(' ')];
        assert.equal(hash(one) === hash(other), one === other);
      }),
    );
  });
});
