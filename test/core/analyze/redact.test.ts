import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRedactor, openedWith } from '../../../src/core/analyze/redact.ts';
import { cpuTime } from '../../cpu-time.ts';

const redactor = createRedactor(['default']);
const JWT = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const AZURE = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Text, and what must be left of it. */
const SECRETS: readonly (readonly [string, string])[] = [
  [`token ${JWT} sent`, 'token [redacted:jwt] sent'],
  [`{"jwt":"${JWT}","a":1}`, '{"jwt":"[redacted:jwt]","a":1}'],
  [`a=${JWT}&b=${JWT}`, 'a=[redacted:jwt]&b=[redacted:jwt]'],
  [`line\\n${JWT}`, 'line\\n[redacted:jwt]'],
  [JWT.slice(0, 50), '[redacted:jwt]'],
  ['Authorization: Bearer abc123def456', 'Authorization: Bearer [redacted:bearer-token]'],
  ['{"authorization":"Bearer opaque-token"}', '{"authorization":"Bearer [redacted:bearer-token]"}'],
  ['"{\\"authorization\\":\\"bearer s3cr3t\\"}"', '"{\\"authorization\\":\\"bearer [redacted:bearer-token]\\"}"'],
  ['using bearer ya29.a0AfH6SMBx7', 'using bearer [redacted:bearer-token]'],
  ['BEARER 0123456789abcdef== done', 'BEARER [redacted:bearer-token] done'],
  [`Bearer ${JWT}`, 'Bearer [redacted:jwt]'],
  ['postgres://app:hunter2@db:5432/shop', 'postgres://app:[redacted:url-password]@db:5432/shop'],
  [
    'amqp://app:p@ss:word@mq and redis://:s3cret@cache:6379',
    'amqp://app:[redacted:url-password]@mq and redis://:[redacted:url-password]@cache:6379',
  ],
  [
    'jdbc:postgresql://db/app?user=a&password=hunter2&x=1',
    'jdbc:postgresql://db/app?user=a&password=[redacted:url-password]&x=1',
  ],
  [`key AKIAIOSFODNN7EXAMPLE used`, 'key [redacted:cloud-key] used'],
  ['ASIAIOSFODNN7EXAMPLE', '[redacted:cloud-key]'],
  [`aws_secret_access_key=${SECRET}`, 'aws_secret_access_key=[redacted:cloud-key]'],
  [`AWS_SECRET_ACCESS_KEY: "${SECRET}"`, 'AWS_SECRET_ACCESS_KEY: "[redacted:cloud-key]"'],
  [`{"SecretAccessKey":"${SECRET}"}`, '{"SecretAccessKey":"[redacted:cloud-key]"}'],
  ['AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe', '[redacted:cloud-key]'],
  [`AccountName=a;AccountKey=${AZURE};EndpointSuffix=core`, 'AccountName=a;AccountKey=[redacted:cloud-key];EndpointSuffix=core'],
  ['x -----BEGIN RSA PRIVATE KEY-----\\nMIIE\\n-----END RSA PRIVATE KEY----- y', 'x [redacted:private-key] y'],
  ['-----BEGIN PRIVATE KEY-----\nMIIE\nabc=\n-----END PRIVATE KEY-----\nafter', '[redacted:private-key]\nafter'],
  ['-----BEGIN EC PRIVATE KEY-----\nMIIEcut', '[redacted:private-key]'],
];

const ORDINARY: readonly string[] = [
  'bearer of news',
  'Bearer authentication is required',
  'WWW-Authenticate: Bearer realm="example", error="invalid_token"',
  'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'request 550e8400-e29b-41d4-a716-446655440000 done',
  'GET http://shop:8080/a@b?x=1 200',
  'http://host:8080?email=a@example.com',
  'see https://example.com/docs, mail ops@example.com',
  'ssh://git@github.com:22/a/b',
  'git@github.com:a/b.git',
  'the ASIA region and AKIA prefix',
  'AIza is a prefix',
  'access_key is missing, accountkey too',
  'aws_secret_access_key=',
  'object.eyJect.eyJ',
  'expected -----BEGIN PRIVATE KEY----- but found EOF',
  '-----BEGIN CERTIFICATE-----',
  '-----BEGIN PUBLIC KEY-----',
  'at com.example.PRIVATE KEY',
  '[2026-11-21 14:00:00] http://[::1]:8080/x',
];

function lines(text: readonly string[]): string[] {
  const state = openedWith(0);
  return text.map((line) => {
    const bytes = Buffer.from(`__${line}__`);
    const redacted = redactor.redactLine(bytes, 2, bytes.length - 2, state);
    return redacted === null ? line : redacted.toString();
  });
}

describe('redaction', () => {
  for (const [text, expected] of SECRETS) {
    test(`${text.slice(0, 60)} loses its secret`, () => assert.equal(redactor.redactText(text), expected));
    test(`${text.slice(0, 60)} has a keyword, or is suspect`, () => {
      const has = redactor.keywords.some(({ text: word, folded }) => (folded ? text.toLowerCase() : text).includes(word));
      const bytes = Buffer.from(text);
      assert.ok(has || redactor.isSuspect(bytes, 0, bytes.length));
    });
  }

  for (const text of ORDINARY) {
    test(`${text} is left alone`, () => {
      assert.equal(redactor.redactText(text), text);
      assert.deepEqual(lines([text, 'next']), [text, 'next']);
    });
  }

  test('a private key in lines of its own is hidden from BEGIN to END', () => {
    const key = [
      'before',
      '-----BEGIN RSA PRIVATE KEY-----',
      'MIIEpAIBAAKCAQEA',
      'short=',
      '-----END RSA PRIVATE KEY----- tail',
      'after',
    ];
    const hidden = '[redacted:private-key]';
    assert.deepEqual(lines(key), ['before', hidden, hidden, hidden, `${hidden} tail`, 'after']);
  });

  test('a private key behind a log prefix is hidden too', () => {
    assert.deepEqual(lines(['INFO -----BEGIN PRIVATE KEY-----', 'INFO MIIE', 'INFO -----END PRIVATE KEY-----', 'INFO x']), [
      'INFO [redacted:private-key]',
      '[redacted:private-key]',
      '[redacted:private-key]',
      'INFO x',
    ]);
  });

  test('a private key that never ends hides 256 lines', () => {
    const many = lines(['-----BEGIN PRIVATE KEY-----', ...Array.from({ length: 300 }, () => 'MIIEpAIBAAKCAQEA')]);
    assert.equal(many[256], '[redacted:private-key]');
    assert.equal(many[257], 'MIIEpAIBAAKCAQEA');
  });

  test('a private key ends after eight lines that cannot be part of it', () => {
    const others = Array.from({ length: 9 }, (_, i) => `GET /items/${i} took 5 ms`);
    const open = ['-----BEGIN PRIVATE KEY-----', 'MIIEpAIBAAKCAQEA', ...others];
    assert.deepEqual(lines(open).slice(-2), ['[redacted:private-key]', 'GET /items/8 took 5 ms']);
  });

  test('bytes that are not UTF-8 survive', () => {
    const line = Buffer.concat([Buffer.from([0xff, 0x00]), Buffer.from('ü redis://:x@h')]);
    const redacted = redactor.redactLine(line, 0, line.length, openedWith(0));
    assert.deepEqual(redacted, Buffer.concat([Buffer.from([0xff, 0x00]), Buffer.from('ü redis://:[redacted:url-password]@h')]));
  });

  test('control characters hide no secret, and stay where they hide none', () => {
    const table: [string, string][] = [
      ['ERROR pass\0word=hunter2x', 'ERROR password=[redacted:password]'],
      ['pass\x01\x02word=hunter2x token \x1f', 'password=[redacted:password] token '],
      ['p\0a\0s\0s\0w\0o\0r\0d\0=\0h\0u\0n\0t\0e\0r\x002\0', 'password=[redacted:password]'],
      ['redis://:x@h and pass\0word=hunter2x', 'redis://:[redacted:url-password]@h and password=[redacted:password]'],
      ['-----BEGIN PRIV\0ATE KEY-----', '[redacted:private-key]'],
      ['redis://:x@h \0 end', 'redis://:[redacted:url-password]@h \0 end'],
      ['a\0b\x08c', 'a\0b\x08c'],
    ];
    for (const [text, expected] of table) {
      assert.equal(redactor.redactText(text), expected);
      assert.deepEqual(lines([text, 'next']).slice(0, 1), [expected]);
    }
    assert.equal(redactor.redactText('pass\x1b[1mword=hunter2x\x1b[0m'), 'password=[redacted:password]');
    assert.deepEqual(lines(['-----BEGIN PRIV\0ATE KEY-----', 'MIIEpAIBAAKCAQEA']).slice(1), ['[redacted:private-key]']);
  });

  test('long hostile lines take linear time', () => {
    const hostile = [
      'eyJ'.repeat(80_000),
      '.eyJ'.repeat(60_000),
      'bearer '.repeat(35_000),
      '://a:'.repeat(50_000),
      '-----BEGIN '.repeat(24_000),
      'access_key'.repeat(25_000),
      'a_key='.repeat(40_000),
      'password '.repeat(27_000),
      '"passwords":['.repeat(20_000),
      'insert into a(password'.repeat(12_000),
      '{"k":"password",'.repeat(16_000),
      '4111 '.repeat(50_000),
      `://${'a'.repeat(256_000)}`,
    ];
    const took = cpuTime(() => {
      for (const text of hostile) redactor.redactText(text);
    });
    assert.ok(took < 4_000, `${took} ms`);
  });

  test('an unknown set is refused and no set redacts nothing', () => {
    assert.throws(() => createRedactor(['default', 'mine']), /there is no redaction set "mine"/);
    assert.equal(createRedactor([]).redactText('redis://:x@h'), 'redis://:x@h');
  });
});
