import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chance } from '../../faults/chance.ts';
import { Followed } from './followed.ts';

const CLEAN = { lost: [], twice: [] };

/** A container that was read once and is followed, the stream proved. */
async function proved(): Promise<Followed> {
  const on = new Followed();
  await on.write(10);
  await on.read();
  await on.follow();
  await on.write(5);
  on.now += 1_100;
  await on.read({ isTrusted: true });
  return on;
}

test('what a stream brings is read without a request, and once', async () => {
  await using on = await proved();
  const { polls } = on;
  await on.write(5);
  await on.read({ isTrusted: true });
  assert.equal(on.polls, polls);
  assert.equal(on.got.length, 20);
  await on.write(5);
  await on.read();
  await on.write(5);
  await on.read({ isTrusted: true });
  assert.equal(on.polls, polls + 1);
  assert.equal(on.got.length, 30);
  assert.deepEqual(on.faults(), CLEAN);
  assert.deepEqual(on.gaps, []);
});

test('a new stream is proved by a request soon after it was opened', async () => {
  await using on = new Followed();
  await on.write(10);
  await on.read();
  await on.follow();
  await on.write(5);
  const { polls } = on;
  await on.read({ isTrusted: true });
  assert.equal(on.polls, polls, 'not before it had time to catch up');
  on.now += 2_100;
  assert.equal(on.followers.due().length, 1);
  await on.read({ isTrusted: true });
  assert.equal(on.polls, polls + 1);
});

test('a rotation loses nothing of a followed log, and no read after it takes a line twice', async () => {
  await using on = await proved();
  await on.write(20);
  await on.rotate();
  await on.write(20);
  await on.read({ isTrusted: true });
  assert.ok(on.cursor.tail !== undefined);
  await on.write(3);
  await on.read();
  assert.deepEqual({ ...on.faults(), gaps: on.gaps }, { ...CLEAN, gaps: [] });
  assert.equal(on.got.length, on.written.length);
});

test('after kill -9 just behind a rotation everything is read that the kubelet still has, once', async () => {
  await using on = await proved();
  await on.write(20);
  await on.rotate();
  await on.write(20);
  await on.read({ isTrusted: true });
  await on.write(7);
  await on.kill();
  await on.read();
  assert.deepEqual({ ...on.faults(), gaps: on.gaps }, { ...CLEAN, gaps: [] });
  assert.equal(on.got.length, on.written.length);
  assert.equal(on.cursor.tail, undefined, 'what is not followed needs no tail');
});

test('a stream that misses a whole file is found out by its silence, and the file is read', async () => {
  await using on = new Followed();
  await on.write(500);
  await on.read();
  on.skips = 1;
  await on.follow();
  await on.rotate();
  await on.write(300);
  on.now += 1_600;
  assert.equal(on.followers.due().length, 1);
  await on.read({ isTrusted: true });
  assert.equal(on.got.length, on.written.length);
  const [gap, ...more] = on.gaps;
  assert.deepEqual(more, []);
  assert.equal(gap?.reason, 'rotated');
  assert.ok(gap !== undefined && gap.from !== null && gap.to - gap.from < 10 && (gap.bytes ?? 0) < 2_000);
  assert.deepEqual(on.faults(), CLEAN);
});

test('a file that nobody looked for while it was missed is a gap of its size', async () => {
  await using on = await proved();
  const steadily = async (times: number) => {
    for (let i = 0; i < times; i++) {
      on.now += 150;
      await on.write(10);
    }
  };
  await on.drop();
  await steadily(1_000);
  await on.read({ isTrusted: true });
  on.skips = 1;
  await on.follow();
  await on.follow();
  await steadily(5);
  await on.read({ isTrusted: true });
  const missed = on.written.length;
  await on.rotate();
  await steadily(40);
  const bytes = (on.written.length - missed) * 90;
  await on.rotate();
  await steadily(20);
  await on.read({ isTrusted: true });
  assert.deepEqual(on.faults(), CLEAN);
  const gap = on.gaps.at(-1);
  assert.ok(gap?.bytes !== undefined && Math.abs(gap.bytes - bytes) < 0.3 * bytes, `${gap?.bytes} of ${bytes}`);
});

test('a dropped stream is read to its end by a request and opened again at once, the next time after a while', async () => {
  await using on = await proved();
  await on.write(5);
  await on.drop();
  await on.write(5);
  assert.equal(on.followers.due().length, 1);
  await on.read({ isTrusted: true });
  assert.equal(on.got.length, on.written.length);
  await on.follow();
  assert.equal(on.opened, 2);
  await on.drop();
  await on.read({ isTrusted: true });
  await on.follow();
  await on.follow();
  assert.equal(on.opened, 2);
  on.now += 15_000;
  await on.follow();
  assert.equal(on.opened, 3);
  await on.write(5);
  await on.read({ isTrusted: true });
  assert.deepEqual({ ...on.faults(), gaps: on.gaps }, { ...CLEAN, gaps: [] });
  assert.equal(on.got.length, on.written.length);
});

test('a stream is opened anew every hour', async () => {
  await using on = await proved();
  on.now += 3_600_000;
  await on.follow();
  await on.write(5);
  await on.read({ isTrusted: true });
  await on.follow();
  await on.follow();
  assert.equal(on.opened, 2);
  await on.write(5);
  await on.read({ isTrusted: true });
  assert.deepEqual({ ...on.faults(), gaps: on.gaps }, { ...CLEAN, gaps: [] });
  assert.equal(on.got.length, on.written.length);
});

test('lines of a read that could not be committed are read again', async () => {
  await using on = await proved();
  await on.write(5);
  await on.read({ isTrusted: true, isLost: true });
  await on.write(5);
  await on.read({ isTrusted: true });
  assert.deepEqual({ ...on.faults(), gaps: on.gaps }, { ...CLEAN, gaps: [] });
  assert.equal(on.got.length, on.written.length);
});

test('a container that restarts is read to the end of its old instance', async () => {
  await using on = await proved();
  await on.write(5);
  on.pod.container().restart();
  await on.write(5);
  await on.read({ isTrusted: true });
  await on.read();
  assert.deepEqual({ ...on.faults(), gaps: on.gaps }, { ...CLEAN, gaps: [] });
  assert.equal(on.got.length, on.written.length);
});

test('what a followed container wrote last is asked for when it has ended, without waiting for the stream', async () => {
  await using on = await proved();
  on.holdStreams = true;
  await on.write(5);
  on.pod.container().crash();
  await on.read({ isTrusted: true });
  assert.equal(on.got.length, on.written.length);
  on.holdStreams = false;
  on.pod.container().start();
  await on.write(5);
  await on.read({ isTrusted: true });
  await on.read();
  assert.deepEqual({ ...on.faults(), gaps: on.gaps }, { ...CLEAN, gaps: [] });
});

test('a stream that was held up for too long is given up', async () => {
  await using on = await proved();
  for (let i = 0; i < 22; i++) await on.write(1_000);
  assert.ok((on.followers.feedOf(on.cursor.ref)?.buffered ?? 0) < 3 * 1024 * 1024);
  on.now += 11_000;
  await on.follow();
  await on.read({ isTrusted: true });
  assert.deepEqual(on.faults(), CLEAN);
  assert.equal(on.got.length, on.written.length);
  await on.follow();
  assert.equal(on.opened, 2);
});

test('no line is lost silently or taken twice, whatever comes together', async (t) => {
  const runs = Number(process.env['TOCSIN_TEST_RUNS'] ?? 25);
  let lines = 0;
  let told = 0;
  for (let seed = 1; seed <= runs; seed++) {
    const random = chance(seed);
    await using on = new Followed();
    await on.write(5);
    await on.read();
    for (let step = 0; step < 60; step++) {
      on.now += random() < 0.3 ? Math.floor(random() * 4_000) : 50;
      await on.write(Math.floor(random() * 12));
      const event = random();
      // What is rotated away before an instance was read for the first time, nobody can know of.
      if (event < 0.1 && on.isKnown) {
        // The kubelet looks at sizes every 3 s at most.
        on.now += 3_000;
        await on.rotate();
      } else if (event < 0.14) await on.drop();
      else if (event < 0.17) await on.kill();
      else if (event < 0.2) on.pod.container().restart();
      if (random() < 0.1) on.skips = 1;
      await on.follow(random() < 0.95 ? on.cursors.filter(({ drained, count }) => !drained && count > 0) : []);
      if (random() < 0.7) await on.read({ isTrusted: random() < 0.8, isLost: random() < 0.05 });
    }
    await on.read();
    await on.read();
    assert.deepEqual(on.faults(), CLEAN, `seed ${seed}`);
    lines += on.got.length;
    told += on.written.length - on.got.length;
  }
  t.diagnostic(`${lines} lines, ${told} lost in gaps`);
  assert.ok(told < lines / 3);
});
