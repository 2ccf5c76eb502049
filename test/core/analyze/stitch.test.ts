import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyze } from './analyze-fixture.ts';

/** What it is, the lines in records, and the level of each record. */
const TABLE: readonly {
  readonly name: string;
  readonly records: readonly (readonly string[])[];
  readonly levels: readonly number[];
}[] = [
  {
    name: 'a Java trace with its causes is one record with the line that reports it',
    records: [
      ['2026-11-21 14:00:00,000 INFO  [main] a.B - before'],
      [
        '2026-11-21 14:00:00,001 ERROR [main] a.B - failed',
        'java.lang.IllegalStateException: boom ERROR',
        '\tat a.B.c(B.java:1)',
        '\t... 3 common frames omitted',
        'Caused by: java.io.IOException: FATAL',
        '\tat a.D.e(D.java:2)',
        'Suppressed: java.io.IOException: x',
        '\t... 12 more',
      ],
      ['2026-11-21 14:00:00,002 INFO  [main] a.B - after'],
    ],
    levels: [3, 5, 3],
  },
  {
    name: 'an uncaught Java exception is a record of its own',
    records: [
      ['INFO started'],
      ['Exception in thread "main" java.lang.RuntimeException: boom', '\tat a.B.main(B.java:1)'],
      ['INFO x'],
    ],
    levels: [3, 0, 3],
  },
  {
    name: 'a Python traceback goes on the error that reports it, its last line included',
    records: [
      ['ERROR:root:failed', 'Traceback (most recent call last):', '  File "a.py", line 1, in f', '    x()', 'ValueError: error'],
      ['INFO:root:after'],
    ],
    levels: [5, 3],
  },
  {
    name: 'an uncaught Python traceback stands alone, chained exceptions included',
    records: [
      ['INFO:root:before'],
      [
        'Traceback (most recent call last):',
        '  File "a.py", line 1, in f',
        'KeyError: 1',
        '',
        'During handling of the above exception, another exception occurred:',
        '',
        'Traceback (most recent call last):',
        '  File "a.py", line 2, in g',
        'app.errors.AppError',
      ],
      ['plain line'],
    ],
    levels: [3, 0, 0],
  },
  {
    name: 'a Go panic and its goroutines are one record',
    records: [
      ['level=info msg=x'],
      [
        'panic: runtime error: invalid memory address',
        '[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x1]',
        '',
        'goroutine 1 [running]:',
        'main.(*Server).handle(0xc000010000, {0x1, 0x2})',
        '\t/app/main.go:12 +0x1d',
        'created by main.main in goroutine 1',
        '\t/app/main.go:5 +0x2d',
        'exit status 2',
      ],
      ['level=info msg=y'],
    ],
    levels: [3, 0, 3],
  },
  {
    name: 'a Node error object closes its own record',
    records: [['Error: connect ECONNREFUSED', '    at TCPConnectWrap (node:net:1)', '  code: 1', '}'], ['}']],
    levels: [0, 0],
  },
  {
    name: 'an indented line goes on the line before, and an unindented one does not',
    records: [
      ['info: App.Foo[0]', '      message of .NET'],
      ['info: App.Foo[1]', '      next'],
    ],
    levels: [3, 3],
  },
  {
    name: 'the first line of a read begins a record even when it is indented',
    records: [['\tat a.B.c(B.java:1)'], ['x']],
    levels: [0, 0],
  },
  { name: 'an empty line outside of a trace is a record', records: [['a'], [''], ['b']], levels: [0, 0, 0] },
];

describe('stitching', () => {
  for (const { name, records, levels } of TABLE) {
    test(name, async () => {
      const { stored, linesSeen } = await analyze(records.flat());
      assert.deepEqual(
        stored.map(({ text }) => text),
        records.map((lines) => lines.join('\n')),
      );
      assert.deepEqual(
        stored.map(({ level }) => level),
        levels,
      );
      assert.equal(linesSeen, records.flat().length);
    });
  }

  test('an indented line much later is no part of the record before', async () => {
    assert.equal((await analyze(['@0 a', '@5 \tb'])).stored.length, 1);
    assert.equal((await analyze(['@0 a', '@7 \tb'])).stored.length, 2);
  });

  test('below the line that reports it a trace begins with an exception, and other lines are records of their own', async () => {
    const begins = [
      'java.lang.IllegalStateException: boom',
      'java.lang.Exception: boom',
      'a.B$CException',
      'shop.pay.Throwable',
      '_x.y.PayError$Inner',
      '$a.Error',
      'KeyError: 1',
      'TypeError: x',
      'TException: x',
      'Traceback (most recent call last):',
      'goroutine 1 [running]:',
    ];
    const others = [
      'Error: x',
      'Exception',
      'TheEnd.',
      'E1121 14:00:00.000000 1 x.go:1] y',
      'time=14:00 level=error',
      'get x',
      'x.Errors',
      'Teapot',
      '{"a":1}',
      '7.Error',
      'é.Error',
    ];
    for (const line of begins) assert.equal((await analyze(['ERROR x', line])).stored.length, 1, line);
    for (const line of others) assert.equal((await analyze(['ERROR x', line])).stored.length, 2, line);
  });

  test('a name of signs takes no time below an error', async () => {
    const started = process.cpuUsage();
    const { stored } = await analyze(['ERROR x', `a${'$'.repeat(280)}E`, `a${'.$'.repeat(140)}E`]);
    assert.equal(stored.length, 3);
    const { user } = process.cpuUsage(started);
    assert.ok(user < 5e6, `${user} µs`);
  });

  test('a traceback long after an error is a record of its own', async () => {
    assert.equal((await analyze(['@0 ERROR x', '@1 Traceback (most recent call last):'])).stored.length, 2);
  });

  test('a record holds at most 256 lines', async () => {
    const { stored } = await analyze(['head', ...Array.from({ length: 300 }, (_, i) => `\tat ${i}`)]);
    assert.deepEqual(
      stored.map(({ text }) => text.split('\n').length),
      [256, 45],
    );
  });

  test('a record holds at most as many bytes as a line', async () => {
    const { stored } = await analyze(['head', ...Array.from({ length: 10 }, () => ` ${'x'.repeat(99)}`)], { maxLine: 504 });
    assert.deepEqual(
      stored.map(({ text }) => text.split('\n').length),
      [6, 5],
    );
  });
});
