import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Cursor } from '../../../src/core/model/cycle.ts';
import { CursorBook, containerKey } from '../../../src/kubernetes/logs/cursor-book.ts';
import { pod, refOf } from '../../build.ts';

const cursor = (name: string, count = 0): Cursor => {
  const ref = refOf(pod({ name }));
  return { ref, since: null, count, chain: '', first: '', lastAt: null, drained: false, missing: 0 };
};
const key = (name: string) => containerKey(pod({ name }).uid, 'app');
const counts = (cursors: readonly Cursor[]) => cursors.map(({ ref, count }) => `${ref.pod} ${count}`).toSorted();

suite('the cursor book', () => {
  test('gives a container to one reading at a time', async () => {
    const book = new CursorBook([cursor('a', 1)]);
    const [one, two] = [book.begin(), book.begin()];
    assert.deepEqual(counts(await one.claim(key('a'))), ['a 1']);
    assert.equal(two.tryClaim(key('a')), null);
    const waiting = two.claim(key('a'));
    one.settle([cursor('a', 2)], false);
    assert.deepEqual(counts(await waiting), ['a 2']);
  });

  test('keeps what was committed when a reading is dropped', async () => {
    const book = new CursorBook([cursor('a', 1)]);
    const dropped = book.begin();
    await dropped.claim(key('a'));
    dropped.release();
    assert.deepEqual(counts(await book.begin().claim(key('a'))), ['a 1']);
  });

  test('a whole reading keeps what others have committed meanwhile, and forgets the rest that it does not have', async () => {
    const book = new CursorBook([cursor('a', 1), cursor('b', 1), cursor('gone', 1)]);
    const whole = book.begin();
    await whole.claim(key('a'));
    const targeted = book.begin();
    await targeted.claim(key('b'));
    await targeted.claim(key('born'));
    targeted.settle([cursor('b', 2), cursor('born', 1)], false);
    assert.deepEqual(counts(whole.untouched()), ['a 1', 'gone 1']);
    const cursors = whole.whole([cursor('a', 3), cursor('b', 1)]);
    assert.deepEqual(counts(cursors), ['a 3', 'b 2', 'born 1']);
    whole.settle(cursors, true);
    assert.deepEqual(counts([...book.all()]), ['a 3', 'b 2', 'born 1']);
  });

  test('tells a reading where each container was left as it takes it, once', async () => {
    const told: string[] = [];
    const claims = new CursorBook([cursor('a', 1)]).begin((cursors) => told.push(...counts(cursors)));
    await claims.claim(key('a'));
    await claims.claim(key('a'));
    assert.deepEqual(told, ['a 1']);
  });
});
