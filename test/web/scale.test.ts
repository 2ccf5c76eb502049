import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manyWorkloads } from './scenes.ts';
import { serving } from './serving.ts';

/** performance.md row 14 asks for 50 ms of the server (`npm run bench -- page`); this is CPU time, the client's included, so that tests beside it do not count. */
const MOST_MS = 150;
const MOST_BYTES = 300_000;

for (const [name, share] of [
  ['one in fifty failing', 50],
  ['all failing', 1],
] as const) {
  test(`the status page of 1,000 workloads, ${name}, is quick and small`, async (t) => {
    const { get } = await serving(t, manyWorkloads(1000, share));
    const times: number[] = [];
    let bytes = 0;
    for (let i = 0; i < 12; i++) {
      const started = process.cpuUsage();
      bytes = Buffer.byteLength((await get('/')).text);
      const { user, system } = process.cpuUsage(started);
      times.push((user + system) / 1000);
    }
    const quickest = Math.min(...times);
    t.diagnostic(`${quickest.toFixed(1)} ms, ${bytes} bytes`);
    assert.ok(quickest <= MOST_MS, `${quickest} ms`);
    assert.ok(bytes <= MOST_BYTES, `${bytes} bytes`);
  });
}

test('rows beyond the first page are one link away, and all are reached', async (t) => {
  const { get } = await serving(t, manyWorkloads(450));
  const seen = new Set<string>();
  for (const page of [1, 2, 3]) {
    const { text } = await get(`/?page=${page}`);
    for (const [, found] of text.matchAll(/class="name">.*?<a href="\/workloads\/[^"]*">([^<]+)<\/a>/g)) seen.add(found ?? '');
    assert.equal(text.includes(`page=${page + 1}#workloads`), page < 3);
  }
  assert.equal(seen.size, 450);
});
