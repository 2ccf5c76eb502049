import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createRedactor, openedWith } from '../../../src/core/analyze/redact.ts';
import { vendorSecrets } from '../../fixtures/redaction/vendor-secrets.ts';

const redactor = createRedactor(['default']);
const positives = read('positives.jsonl');
const benign = read('benign.jsonl');

interface Sample {
  readonly text: string;
  readonly secrets: readonly string[];
}

function read(name: string): readonly Sample[] {
  const lines = readFileSync(new URL(`../../fixtures/redaction/${name}`, import.meta.url), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Sample); // our own file
}

describe('redaction of the corpus', () => {
  test('no secret survives', () => {
    const missed = positives.filter(({ text, secrets }) => secrets.some((secret) => redactor.redactText(text).includes(secret)));
    assert.deepEqual(missed, []);
  });

  test('no benign line changes', () => {
    assert.ok(benign.length >= 1000);
    assert.deepEqual(
      benign.filter(({ text }) => redactor.redactText(text) !== text),
      [],
    );
  });

  test('a token of every vendor is hidden, wherever it stands', () => {
    const around = (token: string) => [
      token,
      `key ${token} used`,
      `{"k":"${token}"}`,
      `{\\"k\\":\\"${token}\\"}`,
      `a\\n${token}\\nb`,
      `K='${token}'`,
    ];
    const missed = vendorSecrets().flatMap(({ before, token }) =>
      (before === '' ? around(token) : [token])
        .map((text) => `${before}${text}`)
        .filter((text) => redactor.redactText(text).includes(token)),
    );
    assert.deepEqual(missed, []);
  });

  test('private keys and files of credentials are hidden in base64 too, certificates are not', () => {
    const encoded = (text: string) => Buffer.from(text).toString('base64');
    const block = (name: string) => encoded(`-----BEGIN ${name}-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(4)}`);
    const secrets = [
      ...['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'OPENSSH PRIVATE KEY'].map(block),
      encoded('{"auths":{"registry.example.com":{"auth":"Ym9iOng="}}}'),
      encoded('{\n  "type": "service_account",\n  "project_id": "shop"}'),
    ];
    for (const secret of secrets) {
      for (const text of [`  tls.key: ${secret}`, `{"client-key-data":"${secret}"}`, `found ${secret} in env`])
        assert.ok(!redactor.redactText(text).includes(secret.slice(0, 32)), text);
    }
    for (const name of ['CERTIFICATE', 'PUBLIC KEY'])
      assert.equal(redactor.redactText(`data ${block(name)}`), `data ${block(name)}`);
  });

  test('lines as bytes lose what texts lose', () => {
    for (const { text } of [...positives, ...benign]) {
      if (text.includes('\n')) continue;
      const bytes = Buffer.from(`_${text}_`);
      const redacted = redactor.redactLine(bytes, 1, bytes.length - 1, openedWith(0));
      assert.equal(redacted?.toString() ?? text, redactor.redactText(text));
    }
  });

  test('what is redacted stays as it is, keeps its lines and grows within bounds', () => {
    const words = fc.constantFrom(
      ...[
        'password',
        'token',
        'secret',
        '_key',
        'Cookie',
        'Authorization',
        'Bearer',
        'Basic ',
        '=',
        ':',
        ' ',
        '"',
        "'",
        '\\',
        '@',
        '://',
        '\n',
      ],
      ...[
        '[redacted:password]',
        'hunter2',
        'x9Kp2mQ7vL4t',
        '4111 1111 1111 1111',
        '-----BEGIN PRIVATE KEY-----',
        'curl -u a:',
        ';',
        ',',
        'ü',
      ],
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        const once = redactor.redactText(text);
        assert.equal(redactor.redactText(once), once);
        assert.ok(once.length <= text.length * 8 + 32);
        if (!text.includes('PRIVATE KEY')) assert.equal(once.split('\n').length, text.split('\n').length);
      }),
      { numRuns: 5000 },
    );
  });

  test('what stands beside a hidden secret is looked at once more', () => {
    assert.equal(
      redactor.redactText('Authorization: x9Kp2mQ7vL4t x9Kp2mQ7vL4u'),
      'Authorization: [redacted:authorization] [redacted:authorization]',
    );
    const own = createRedactor(['default', { name: 'word', pattern: 'redact[a-z]*' }]);
    const once = own.redactText('password=x9Kp2mQ7vL4t was redacted');
    assert.equal(once, 'password=[redacted:password] was [redacted:word]');
    assert.equal(own.redactText(once), once);
  });

  test('what a user names is hidden, in texts and in bytes of any kind', () => {
    const own = createRedactor([
      'default',
      { name: 'employee', pattern: 'EMP-[0-9]{6}' },
      { name: 'town', pattern: '(?i)m(ü|ue)nchen' },
      { name: 'short', pattern: '#[0-9]+' },
    ]);
    const text = 'EMP-123456 of MÜNCHEN, password=hunter2x, #17, EMP-12';
    const hidden = '[redacted:employee] of [redacted:town], password=[redacted:password], [redacted:short], EMP-12';
    assert.equal(own.redactText(text), hidden);
    const line = Buffer.concat([Buffer.from([0xff]), Buffer.from(text)]);
    assert.ok(own.isSuspect(line, 0, line.length));
    assert.equal(own.redactLine(line, 0, line.length, openedWith(0))?.toString(), `\ufffd${hidden}`);
    const keywords = createRedactor([{ name: 'employee', pattern: 'EMP-[0-9]{6}' }]).keywords;
    assert.deepEqual(keywords, [{ text: 'EMP-', folded: false }]);
  });

  test('e-mail and IP addresses are hidden where the settings say so', () => {
    const text = 'from ops@example.com at 10.0.0.7 and 2001:db8::1, 14:00:00, v1.2.3';
    assert.equal(redactor.redactText(text), text);
    assert.equal(
      createRedactor(['email', 'ip']).redactText(text),
      'from [redacted:email] at [redacted:ip] and [redacted:ip], 14:00:00, v1.2.3',
    );
  });
});
