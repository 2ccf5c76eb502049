import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownLines } from '../../../../src/store/json/facts/known-lines.ts';

const line = (text: string) => Buffer.from(text);

test('a line of the file before is known by its bytes, wherever it stands', () => {
  const lines = new KnownLines<number>();
  const texts = Array.from({ length: 200 }, (_, i) => `["states",[{"name":"pod-${i % 100}","number":${i}}]]`);
  lines.begin();
  for (const [index, text] of texts.entries()) assert.equal(lines.get(line(text)) ?? lines.add(line(text), index), index);
  lines.begin();
  for (const [index, text] of [...texts.entries()].reverse()) assert.equal(lines.get(line(text)), index);
  assert.equal(lines.get(line(`${texts[0]} `)), undefined);
});

test('what did not stand in the last file is forgotten, and what is added is the line as it was', () => {
  const lines = new KnownLines<string>();
  const bytes = line('one');
  lines.begin();
  lines.add(bytes, 'first');
  bytes.write('two');
  assert.deepEqual([lines.get(line('one')), lines.get(line('two'))], ['first', undefined]);
  lines.begin();
  lines.begin();
  assert.equal(lines.get(line('one')), undefined);
});
