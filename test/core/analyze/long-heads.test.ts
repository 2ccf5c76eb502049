import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classify } from '../../../src/core/analyze/classifier.ts';

/** What heads begin with that are looked at further on, and what such a line could go on with for ever. */
const HOSTILE: readonly (readonly [begin: string, unit: string])[] = [
  ['user=app ', 'a=b '],
  ['user=app,', 'db=x: '],
  ['[61] ', 'a: '],
  ['[61] ', ' :'],
  ['2026-11-21 14:00:00 UTC-', 'a-:'],
  ['2026-11-21 14:00:00 UTC ', '[unknown] '],
  ['psql:', '/a:'],
  ['/', 'package/'],
  ['/', 'a: '],
  ['dovecot: ', 'imap(a)<b>: '],
  ['dovecot: imap', '(a)'],
  ['SLF4J(', 'W'],
  ['host:', '31:'],
  ['host:31:31 [0] ', 'a/'],
  ['##[', 'error '],
  ['::error ', 'file='],
  ['', '› ℹ '],
  ['[a] ', '› '],
  ['(N) ', '2026-'],
  ['[2026-11-21 14:00:00] ', '<a> '],
  ['[ns_server:', 'info,'],
  ['sshd[', '1'],
  ['sshd[1]: ', 'error '],
  ['2026-11-21 14:00:00 - root (', '7) : '],
  ['2026-11-21 14:00:00 T:', '1'],
  ['Completed: [', '1.'],
  ['Name:', 'info '],
  ['[A:1] error @', '2026-'],
  ['11/21/2026', '] ['],
  ['I261121 ', '14:00:00'],
];

test('however long a line goes on with what heads are made of, it is read in milliseconds', () => {
  for (const [begin, unit] of HOSTILE) {
    const line = begin + unit.repeat(400_000 / unit.length);
    const { user } = process.cpuUsage();
    classify(line);
    const took = (process.cpuUsage().user - user) / 1000;
    assert.ok(took < 200, `${begin}${unit}... took ${took} ms`); // the square of it takes minutes
  }
});
