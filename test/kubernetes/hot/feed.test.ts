import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LineSink } from '../../../src/core/analyze/line-sink.ts';
import { Feed } from '../../../src/kubernetes/hot/feed.ts';
import { startingAt } from '../../../src/kubernetes/logs/cursor.ts';
import { refOf } from '../../core/analyze/analyze-fixture.ts';

const LINE = `2026-11-21T14:00:00.000000001Z ${'x'.repeat(1000)}\n`;
const PIECES = 20;

test('what has waited is taken piece by piece, and the sink says after each when it can take more', async () => {
  const position = startingAt(Date.UTC(2026, 10, 21, 13) / 1000);
  const feed = new Feed({ ref: refOf('app'), position, maxLine: 4096, rate: 1e6, now: () => 0 });
  for (let i = 0; i < PIECES; i++) feed.push(Buffer.from(LINE.repeat(64)));
  let [lines, isReady, early, waits] = [0, true, 0, 0];
  const sink: LineSink = {
    line() {
      lines++;
      if (!isReady) early++;
    },
    ready() {
      isReady = false;
      waits++;
      return Promise.resolve().then(() => {
        isReady = true;
      });
    },
    flush: () => Promise.resolve(),
  };
  let turns = 0;
  const others = setInterval(() => turns++, 0);
  const taken = await feed.take(position, sink);
  clearInterval(others);
  assert.deepEqual([taken.lines, lines, early, waits], [PIECES * 64, PIECES * 64, 0, PIECES]);
  assert.ok(turns > 0);
});
