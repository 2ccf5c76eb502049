import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { classify } from '../../../src/core/analyze/classifier.ts';
import { fieldOf } from '../../../src/core/analyze/fields/field-of.ts';
import { fieldTest } from '../../../src/core/analyze/fields/field-test.ts';
import { LATENCY_PLACES } from '../../../src/core/analyze/fields/text-latency.ts';
import { valueIn } from '../../../src/core/analyze/fields/value-in.ts';
import { cpuTime } from '../../cpu-time.ts';

const field = (text: string, name: string) => fieldOf({ text, status: classify(text).status ?? 0 }, name);

suite('fields', () => {
  const FIELDS: readonly (readonly [text: string, name: string, value: string | null])[] = [
    ['{"level":"error","tenant":"acme"}', 'tenant', 'acme'],
    ['{"a":{"b":{"c":7}},"b":1}', 'a.b.c', '7'],
    ['{"a":{"b":2},"a.b":3}', 'a.b', '2'],
    ['{"http.request":{"method":"GET"},"http":{"request.method":"PUT"}}', 'http.request.method', 'GET'],
    ['{"log.level":"warn","ok":true,"none":null,"list":[1],"object":{}}', 'log.level', 'warn'],
    ['{"ok":true,"none":null}', 'ok', 'true'],
    ['{"ok":true,"none":null}', 'none', null],
    ['{"list":["tenant",1],"tenant":"b"}', 'tenant', 'b'],
    ['{"msg":"\\"tenant\\":\\"x\\"","tenant":"say \\"hi\\"\\u0021"}', 'tenant', 'say "hi"!'],
    ['{"msg":"cut off here", "tenant": "acme", "more":"and so', 'tenant', 'acme'],
    ['{"msg":"cut off here", "tenant": "ac', 'tenant', null],
    ['{\n  "tenant": "acme"\n}', 'tenant', 'acme'],
    ['2026-11-21T14:00:00Z ERROR shop.Pay {"tenant": "acme"}', 'tenant', 'acme'],
    ['level=error tenant=acme msg="tenant=other"', 'tenant', 'acme'],
    ['level=error msg="tenant=other"', 'tenant', null],
    ['level=error tenant="acme corp" x=1', 'tenant', 'acme corp'],
    ['E1121 14:00:00.1 1 pay.go:1] "Failed" tenant="acme" after=3', 'after', '3'],
    ['could not pay (tenant=acme, order=7)', 'tenant', 'acme'],
    ['level=error subtenant=x', 'tenant', null],
    ['nothing of the kind', 'tenant', null],
  ];
  for (const [text, name, value] of FIELDS)
    test(`${name} of ${text.slice(0, 70)} is ${value}`, () => assert.equal(field(text, name), value));

  /** method, path, status, latency. */
  const REQUESTS: readonly (readonly [
    text: string,
    method: string | null,
    path: string | null,
    status: string,
    latency: string | null,
  ])[] = [
    ['10.0.0.1 - - [21/Nov/2026:14:00:00 +0000] "GET /a/b?x=1 HTTP/1.1" 200 12 "-" "curl"', 'GET', '/a/b', '200', null],
    [
      '10.0.0.1 - - [21/Nov/2026:14:00:00 +0000] "POST /a HTTP/1.1" 502 157 "-" "curl/8" 123 0.250 [shop-web-80] [] 10.0.0.1:80 157 0.249 502 5f',
      'POST',
      '/a',
      '502',
      '250ms',
    ],
    ['10.0.0.1 - - [21/Nov/2026:14:00:00 +0000] "GET / HTTP/1.1" 200 12 "-" "curl" 0.005', 'GET', '/', '200', '5ms'],
    ['[2026-11-21T14:00:00.000Z] "GET /x HTTP/1.1" 503 UF 0 91 1234 - "-" "curl" "5f" "shop" "-"', 'GET', '/x', '503', '1234ms'],
    [
      '[2026-11-21T14:00:00.000Z] "GET /x HTTP/1.1" 200 - via_upstream - "-" 0 91 45 44 "-" "curl" "5f" "shop" "10.0.0.1:80"',
      'GET',
      '/x',
      '200',
      '45ms',
    ],
    [
      '10.0.0.1:51234 [21/Nov/2026:14:00:00.123] fe be/s1 0/0/1/22/23 200 123 - - ---- 1/1/0/0/0 0/0 "GET /y HTTP/1.1"',
      'GET',
      '/y',
      '200',
      '23ms',
    ],
    ['[GIN] 2026/11/21 - 14:00:00 | 200 |    1.25ms | 10.0.0.1 | GET "/z"', 'GET', '/z', '200', '1.25ms'],
    ['GET /morgan 304 12.5 ms - -', 'GET', '/morgan', '304', '12.5ms'],
    ['Completed 500 Internal Server Error in 120ms (ActiveRecord: 1.2ms)', null, null, '500', '120ms'],
    [
      'http 2026-11-21T14:00:00.123456Z app/lb/1 10.0.0.1:1 10.0.0.2:80 0.001 0.250 0.000 200 200 34 366 "GET http://shop:80/q HTTP/1.1"',
      'GET',
      '/q',
      '200',
      '251ms',
    ],
    ['{"method":"GET","path":"/j","status":200,"latency":"1.5ms"}', 'GET', '/j', '200', '1.5ms'],
    ['{"req":{"method":"GET","url":"/p?q"},"res":{"statusCode":200},"responseTime":12}', 'GET', '/p', '200', '12ms'],
    [
      '{"logger":"http.log.access","request":{"method":"GET","uri":"/c"},"duration":0.0125,"status":200}',
      'GET',
      '/c',
      '200',
      '12.5ms',
    ],
    ['{"request_method":"GET","request_uri":"/n","status":"200","request_time":"0.012"}', 'GET', '/n', '200', '12ms'],
  ];
  for (const [text, ...expected] of REQUESTS)
    test(`the request in ${text.slice(0, 70)}`, () =>
      assert.deepEqual(
        ['method', 'path', 'status', 'latency'].map((name) => field(text, name)),
        expected,
      ));

  const REQUEST = '10.0.0.1 - - [21/Nov/2026:14:00:00 +0000] "GET /items HTTP/1.1" 200 12';
  test('a time with any unit is found wherever it stands behind a request', () => {
    for (const [unit, scale] of [
      ['ns', 1e-6],
      ['us', 1e-3],
      ['µs', 1e-3],
      ['μs', 1e-3],
      ['ms', 1],
      ['s', 1000],
    ] as const)
      for (const time of [`7${unit}`, `7 ${unit}`, `(7${unit})`, `took=7${unit},`, `yes 7${unit} items`])
        assert.equal(field(`${REQUEST} ${time}`, 'latency'), `${Number((7 * scale).toPrecision(6))}ms`, time);
  });

  test('the cheap look at where a latency stands overlooks none', () => {
    const piece = fc.constantFrom(
      ...[
        '"',
        '" ',
        ' ',
        '"GET / HTTP/1.1" ',
        '200 ',
        '-',
        'UF ',
        '0.012',
        '12',
        '1234',
        '.',
        '/',
        '0/-1/2/30/+4 ',
        ' [a] ',
        '|',
      ],
      ...['https ', '2026-11-21T14:00:00Z ', '2026-11-21 14:00:00 a GET ', '1637500000.123 ', 'TCP_MISS/200 ', ' "Mozilla/5.0" '],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        for (const { pattern, mayBe } of LATENCY_PLACES) if (pattern.test(text)) assert.ok(mayBe(text), `${pattern} in ${text}`);
      }),
      { numRuns: 3000 },
    );
    for (const [text] of REQUESTS) for (const { pattern, mayBe } of LATENCY_PLACES) assert.ok(mayBe(text) || !pattern.test(text));
  });

  test('a line that records no request has no latency', () => assert.equal(field('took 12ms', 'latency'), null));

  test('the whole value must match the glob', () => {
    const source = { text: '{"path":"/api/orders/7"}', status: 0 };
    for (const [glob, expected] of [
      ['/api/*', true],
      ['/api', false],
      ['*orders*', true],
      ['*/{orders,carts}/*', true],
      ['/api/users/*', false],
    ] as const)
      assert.equal(fieldTest('path', glob)(source), expected, glob);
  });

  test('a glob of many stars takes no long time', () => {
    const text = JSON.stringify({ name: 'a'.repeat(10_000) });
    const took = cpuTime(() => assert.equal(fieldTest('name', '*a*a*a*a*a*a*b')({ text, status: 0 }), false));
    assert.ok(took < 1_000, `${took} ms`);
  });
});

suite('numbers', () => {
  const ms = (text: string, name: string) => valueIn({ text, status: 0 }, { field: name, unit: 'milliseconds' });
  const plain = (text: string, name: string) => valueIn({ text, status: 0 }, { field: name, unit: 'plain' });

  test('times with a unit count in milliseconds', () => {
    assert.equal(ms('took=12ms', 'took'), 12);
    assert.equal(ms('took=0.3s', 'took'), 300);
    assert.equal(ms('took=1m2.5s', 'took'), 62_500);
    assert.equal(ms('took="150 µs"', 'took'), 0.15);
    assert.equal(plain('took=12ms', 'took'), 12);
  });

  test('bare numbers are times in the unit that the name says, else milliseconds', () => {
    assert.equal(ms('{"duration_seconds":1.5}', 'duration_seconds'), 1500);
    assert.equal(ms('{"durationNs":2000000}', 'durationNs'), 2);
    assert.equal(ms('{"elapsed_us":2500}', 'elapsed_us'), 2.5);
    assert.equal(ms('{"durationMs":7}', 'durationMs'), 7);
    assert.equal(ms('{"request_time":"0.250"}', 'request_time'), 250);
    assert.equal(ms('{"requests":3}', 'requests'), 3);
    assert.equal(plain('{"duration_seconds":1.5}', 'duration_seconds'), 1.5);
  });

  test('what is no number has no value, nor has a negative one', () => {
    for (const value of ['many', '-1', '12 apples', ''])
      assert.equal(plain(JSON.stringify({ size: value }), 'size'), null, value);
    assert.equal(plain('size=1e3', 'size'), 1000);
    assert.equal(plain('used=55%', 'used'), 55);
  });
});
