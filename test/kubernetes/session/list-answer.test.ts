import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { itemsOf, parseList } from '../../../src/kubernetes/session/list-answer.ts';

/** What a list says of itself, and its items; those of an answer that is none are `null`. */
function taken(text: string) {
  // Checked by each test: the answers are objects.
  const answer = parseList('/api', Buffer.from(text)) as Readonly<Record<string, unknown>>;
  const items = itemsOf(answer);
  const { items: _, ...rest } = answer;
  return { rest, items: items === null ? null : [...items] };
}

const INVALID = { name: 'CollectError', reason: 'invalid_answer' };

test('any list is what a parser of JSON makes of it, whatever stands before and behind its items', () => {
  const around = fc.dictionary(
    fc.string().filter((key) => key !== 'items' && key !== '__proto__'),
    fc.jsonValue(),
    { maxKeys: 3 },
  );
  const list = fc.record({ before: around, items: fc.array(fc.jsonValue({ maxDepth: 4 }), { maxLength: 5 }), behind: around });
  fc.assert(
    fc.property(list, fc.constantFrom(0, 1, 2), ({ before, items, behind }, indent) => {
      const text = JSON.stringify({ ...before, items, ...behind }, null, indent);
      const { items: parsed, ...rest } = JSON.parse(text);
      assert.deepEqual(taken(text), { rest, items: parsed });
    }),
  );
});

test('the fields that managers have set are left out of an item, and nothing else', () => {
  const fields = [{ manager: 'kubelet', fieldsV1: { 'f:status': { 'k:{"type":"Ready"}': { '.': {} } } } }];
  const pod = (metadata: object) => ({ metadata, status: { message: 'says "managedFields":[1] and \\' } });
  const items = [
    pod({ managedFields: fields, name: 'first' }),
    pod({ name: 'last', managedFields: fields }),
    pod({ managedFields: [] }),
    pod({ labels: { managedFields: 'kept' }, value: 'managedFields', list: ['managedFields', 1], name: 'none' }),
    { both: { managedFields: {} }, again: { managedFields: fields }, end: 'ä€😀' },
  ];
  for (const indent of [0, 2]) {
    const without = JSON.parse(JSON.stringify(items), (key, value) => (key === 'managedFields' && value !== 'kept' ? 0 : value));
    assert.deepEqual(taken(JSON.stringify({ kind: 'PodList', items }, null, indent)).items, without);
  }
});

test('what is no list comes whole', () => {
  for (const text of ['{}', '{"items":null}', '{"items":{"a":1}}', '{"metadata":{"items":[1]}}', '{"items":[1],"items":3}']) {
    assert.deepEqual(parseList('/api', Buffer.from(text)), JSON.parse(text));
    assert.equal(taken(text).items, null);
  }
  for (const text of ['3', '[1]', '"items"', 'null']) assert.deepEqual(parseList('/api', Buffer.from(text)), JSON.parse(text));
});

test('of two lists of items the last counts', () => {
  assert.deepEqual(taken('{"items":[{"managedFields":[1],"a":1}],"items":[2]}').items, [2]);
});

test('what is no JSON is an invalid answer, at once or with the item that it is in', () => {
  const whole = '{"kind":"PodList","metadata":{"continue":"x"},"items":[{"a":{"b":"c\\""}},{"managedFields":[1]},null],"z":1}';
  for (let length = 0; length < whole.length; length++) assert.throws(() => taken(whole.slice(0, length)), INVALID, `${length}`);
  for (const text of [
    '{"items":[{"a":1}{"b":2}]}',
    '{"items":[1,]}',
    '{"items":[,]}',
    '{"items":[1]} x',
    '{"items":[1]',
    '{items:[]}',
  ])
    assert.throws(() => taken(text), INVALID, text);
  for (const text of ['{"items":[{"a":1},{"b":}]}', '{"items":[{]}]}', '{"items":[nothing]}', '{"items":[1],"a":}'])
    assert.throws(() => taken(text), INVALID, text);
});
