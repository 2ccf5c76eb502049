import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PatternWorker } from '../../../src/app/patterns/pattern-worker.ts';
import { LineSearcher } from '../../../src/app/stored/line-searcher.ts';
import { json } from '../../../src/store/json/json.ts';
import type { LineSearch } from '../../../src/web/view.ts';
import { commit, containerOf, listOf, options, segmentOf, temporaryFolder } from '../../store/store-fixture.ts';

const NEVER = new AbortController().signal;
/** Linear; yet every byte of a long text costs hundreds of steps. */
const EVIL = '(?i)a.{500}z';

/** Text in which it never comes to a state twice. */
function wild(length: number, seed: number): string {
  return Array.from({ length }, (_, index) => 'aAbBcC'[(Math.imul(index + seed, 2_654_435_761) >>> 16) % 6]).join('');
}

function searchFor(grep: string, contains: string | null = null): LineSearch {
  const everything = { namespace: null, kind: null, workload: null, pod: null, container: null, level: null };
  return { ...everything, since: 0, until: null, grep, contains };
}

/** A store whose only container said these texts, a second apart. */
async function storeOf(path: string, texts: readonly string[]) {
  const store = await json.open(options(path));
  const spoken = texts.map((text, i) => ({ at: `10:00:${String(i % 60).padStart(2, '0')}`, text }));
  await commit(store, '10:10', [segmentOf(containerOf(), spoken)]);
  return store;
}

test('what a pattern can be slow on is tested apart, and lines keep their order', async () => {
  await using folder = await temporaryFolder();
  const texts = ['az', `1 a${'b'.repeat(500)}z`, 'x'.repeat(600), `2 a${'c'.repeat(500)}z`, `3 a${'b'.repeat(500)}z`];
  await using store = await storeOf(folder.path, texts);
  await using worker = new PatternWorker({ onSuspend: assert.fail, deadline: 10_000 });
  const apart: string[] = [];
  const watched = {
    run: (batch: Parameters<PatternWorker['run']>[0]) => {
      apart.push(...batch.texts);
      return worker.run(batch);
    },
    pardon: () => worker.pardon(),
  };
  const searcher = new LineSearcher(store, watched);
  const found = async (search: LineSearch) => {
    const lines = await listOf(searcher.lines(search, NEVER, { order: 'oldest_first' }));
    return lines.map(({ text }) => text.slice(0, 3));
  };
  assert.deepEqual(await found(searchFor(EVIL)), ['1 a', '2 a', '3 a']);
  assert.deepEqual(
    apart,
    texts.filter((text) => text.length > 500),
  );
  assert.deepEqual(await found(searchFor(EVIL, 'b')), ['1 a', '3 a']);
  apart.length = 0;
  assert.deepEqual(await found(searchFor('^[0-9] a')), ['1 a', '2 a', '3 a']);
  assert.deepEqual(apart, [], 'a pattern that nothing makes slow is not sent around');
});

test('a search whose pattern takes too long ends and says so, and the next one is tried again', async () => {
  await using folder = await temporaryFolder();
  await using store = await storeOf(
    folder.path,
    Array.from({ length: 60 }, (_, i) => `${wild(8000, i)} ${i}`),
  );
  await using worker = new PatternWorker({ onSuspend: () => undefined, deadline: 40 });
  const searcher = new LineSearcher(store, worker);
  for (let i = 0; i < 2; i++)
    await assert.rejects(listOf(searcher.lines(searchFor(EVIL), NEVER)), /could not search for .*: the pattern takes too long/);
  assert.equal(worker.suspended.size, 0);
});
