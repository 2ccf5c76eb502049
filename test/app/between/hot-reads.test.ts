import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SimulatedContainer } from '../../../demo/cluster/container.ts';
import { FirstLooks, MOST_NEW } from '../../../src/app/between/first-looks.ts';
import { HotReads } from '../../../src/app/between/hot-reads.ts';
import type { TargetBatch } from '../../../src/app/cycle/targeted-cycle.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { chance } from '../../faults/chance.ts';
import { eventually } from '../../faults/eventually.ts';
import { EngineRoom, once } from '../engine-room.ts';

/** Lines of 1 KB. */
const SMALLEST_FILE = 600;

/** An engine whose busy container is looked after by hot reads, on a clock that can be moved on. */
class HotRoom implements AsyncDisposable {
  readonly room: EngineRoom;
  readonly container: SimulatedContainer;
  readonly time: { ahead: number };
  readonly batches: TargetBatch[] = [];
  /** When each line was written. */
  readonly written: number[] = [];
  hotReads: HotReads;
  #rotatedAt = 0;

  private constructor(room: EngineRoom, time: { ahead: number }) {
    this.room = room;
    this.time = time;
    this.container = room.cluster.addPod({ namespace: 'shop', name: 'busy', createdAt: Date.now() - 60_000 }).container();
    this.hotReads = this.#newHotReads();
  }

  static async open(): Promise<HotRoom> {
    const time = { ahead: 0 };
    const clock = {
      ...systemClock,
      now: () => systemClock.now() + time.ahead,
      monotonic: () => systemClock.monotonic() + time.ahead,
    };
    return new HotRoom(await EngineRoom.open([], clock, { now: clock.now }), time);
  }

  write(count: number): void {
    for (let i = 0; i < count; i++) {
      this.written.push(this.room.clock.now());
      this.container.write(`line ${this.written.length} ${'x'.repeat(1000)}`);
    }
  }

  /** Lets time pass, with lines in it, and streams bring them. */
  async writeFor(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i++) {
      this.time.ahead += 1_000;
      this.write(20);
      if (this.room.followers.following.size > 0) await sleep(2);
    }
    await this.#arrived();
  }

  /** The kubelet rotates no file that is nearly empty. */
  rotate(): void {
    if (this.written.length - this.#rotatedAt < SMALLEST_FILE) return;
    this.#rotatedAt = this.written.length;
    this.container.rotateLog();
  }

  /** Waits for what the stream has on its way, and runs the targeted cycle that is asked for; how many containers it read. */
  async tick(): Promise<number> {
    this.hotReads.tick();
    let reads = 0;
    for (const batch of this.batches.splice(0)) {
      reads += batch.reads.length;
      await this.room.engine.targeted(once(batch), new AbortController().signal);
    }
    return reads;
  }

  async kill(): Promise<void> {
    await this.room.reopen();
    this.hotReads = this.#newHotReads();
  }

  requests(): number {
    return this.room.cluster.traffic.requests.filter(({ url }) => url.includes('/log?') && !url.includes('follow')).length;
  }

  streams(): number {
    return this.room.cluster.traffic.requests.filter(({ url }) => url.includes('follow=true')).length;
  }

  /** Numbers of lines that are missing outside of every gap, and of those that are stored more than once. */
  async faults(): Promise<{ readonly lost: readonly number[]; readonly twice: readonly number[] }> {
    const stored = (await this.room.lines()).map((line) => Number(/^line (\d+) /.exec(line)?.[1]));
    const known = new Set(stored);
    const gaps = this.room.engine.window.cycles.flatMap((cycle) => cycle.gaps);
    const isTold = (at: number) => gaps.some(({ from, to }) => (from ?? 0) <= at + 1 && at - 1 <= to);
    return {
      lost: this.written.flatMap((at, i) => (known.has(i + 1) || isTold(at) ? [] : [i + 1])),
      twice: stored.filter((line, i) => stored.indexOf(line) !== i),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.room[Symbol.asyncDispose]();
  }

  /** Resolves when the streams bring nothing more. */
  async #arrived(): Promise<void> {
    const buffered = () =>
      [...this.room.engine.cursors().all()].reduce((sum, { ref }) => sum + (this.room.followers.feedOf(ref)?.buffered ?? 0), 0);
    for (let before = -1, quiet = 0; quiet < 3; quiet = before === buffered() ? quiet + 1 : 0, before = buffered())
      await sleep(5);
  }

  #newHotReads(): HotReads {
    const { room } = this;
    return new HotReads({
      engine: room.engine,
      followers: room.followers,
      targeted: { add: (batch) => this.batches.push(batch) > 0 },
      clock: room.clock,
    });
  }
}

const CLEAN = { lost: [], twice: [] };

test('a busy container is followed after its first cycle, and stored between the cycles', async () => {
  await using on = await HotRoom.open();
  await on.writeFor(10);
  await on.room.scheduled();
  await on.tick();
  await eventually('the stream is open', 30_000, () => on.streams() === 1);
  await on.writeFor(2);
  assert.equal(await on.tick(), 1, 'the stream is proved');
  const requests = on.requests();
  await on.writeFor(1);
  on.time.ahead += 5_000;
  assert.equal(await on.tick(), 1);
  assert.equal(on.requests(), requests);
  assert.equal((await on.room.lines()).length, on.written.length);
  assert.deepEqual(
    on.room.engine.window.cycles.map(({ trigger }) => trigger),
    ['scheduled', 'targeted', 'targeted'],
  );
  assert.deepEqual(await on.faults(), CLEAN);
});

test('without a stream to spare a busy container is read by requests, each at least 15 s after the last', async () => {
  await using on = await HotRoom.open();
  const faster = Array.from({ length: 5 }, (_, i) =>
    on.room.cluster.addPod({ namespace: 'shop', name: `faster-${i}` }).container(),
  );
  const write = async (seconds: number) => {
    for (let i = 0; i < seconds; i += 5) {
      on.time.ahead += 5_000;
      on.write(100);
      for (const container of faster) for (let n = 0; n < 50; n++) container.write('y'.repeat(3_000));
    }
    await sleep(20);
  };
  await write(60);
  await on.room.scheduled();
  await on.tick();
  await eventually('the streams are open', 30_000, () => on.streams() === 5);
  const reads = async () => {
    const before = on.room.cluster.traffic.requests.filter(({ url }) => url.includes('/busy/log?')).length;
    await on.tick();
    return on.room.cluster.traffic.requests.filter(({ url }) => url.includes('/busy/log?')).length - before;
  };
  // 20 KiB a second: 2 MiB come together within 100 s.
  await write(80);
  assert.equal(await reads(), 0);
  await write(25);
  assert.equal(await reads(), 1);
  await write(10);
  assert.equal(await reads(), 0);
});

test('a pod that the watch shows is read 15 s later, once, and followed when it writes much', async () => {
  await using on = await HotRoom.open();
  await on.writeFor(1);
  await on.room.scheduled();
  const born = on.room.cluster.addPod({ namespace: 'shop', name: 'born' });
  const show = async (isGone = false) => on.hotReads.take(await on.room.look('born'), isGone);
  await show();
  for (let i = 0; i < 14; i++) {
    on.time.ahead += 1_000;
    born.container().write('z'.repeat(50_000));
  }
  await show();
  assert.equal(await on.tick(), 0);
  on.time.ahead += 1_000;
  assert.equal(await on.tick(), 1);
  await show();
  on.time.ahead += 20_000;
  assert.equal(await on.tick(), 0, 'its cursor is known, and the stream is opened now');
  await eventually('the stream is open', 30_000, () => on.streams() === 1);
});

test('a pod whose state alone a cycle has seen needs a first look', async () => {
  await using on = await HotRoom.open();
  await on.room.scheduled();
  const looks = new FirstLooks({ clock: on.room.clock, isRead: on.room.engine.isRead });
  on.room.cluster.addPod({ namespace: 'shop', name: 'born' });
  const born = await on.room.look('born');
  looks.take(born, false);
  const observed = [{ pod: born, seenAt: on.room.clock.now(), isGone: false }];
  await on.room.engine.targeted(once({ reads: [], observed }), new AbortController().signal);
  assert.notEqual(on.room.engine.window.pod(born.uid), null);
  on.time.ahead += 15_000;
  assert.equal(looks.due().reads.length, 1);
});

test('what an unread pod wrote that is removed by force while it runs is a gap, told at once', async () => {
  await using on = await HotRoom.open();
  await on.room.scheduled();
  const born = on.room.cluster.addPod({ namespace: 'shop', name: 'born' });
  on.hotReads.take(await on.room.look('born'), false);
  born.container().write('said and lost');
  const last = await on.room.look('born');
  on.room.cluster.removePod(born);
  on.hotReads.take(last, true);
  assert.equal(await on.tick(), 1);
  const gaps = on.room.engine.window.cycles.at(-1)?.gaps.map(({ pod, reason }) => ({ pod, reason }));
  assert.deepEqual(gaps, [{ pod: 'born', reason: 'gone' }]);
  on.time.ahead += 20_000;
  assert.equal(await on.tick(), 0);
});

test('a pod that a cycle has read or that has ended needs no first look, and 500 wait at most', async () => {
  await using on = await HotRoom.open();
  await on.room.scheduled();
  const looks = new FirstLooks({ clock: on.room.clock, isRead: on.room.engine.isRead });
  looks.take(await on.room.look('busy'), false);
  on.room.cluster.addPod({ namespace: 'shop', name: 'born' });
  const born = await on.room.look('born');
  looks.take(born, false);
  const end = { kind: 'terminated', containerID: 'x', reason: 'Completed', exitCode: 0, signal: null, message: '' } as const;
  const ended = { ...end, startedAt: null, finishedAt: null };
  looks.take({ ...born, containers: born.containers.map((each) => ({ ...each, state: ended })) }, true);
  on.time.ahead += 15_000;
  assert.equal(looks.due().reads.length, 0);
  for (let i = 0; i < MOST_NEW + 20; i++) looks.take({ ...born, uid: `uid-${i}` }, false);
  on.time.ahead += 15_000;
  let reads = 0;
  for (let due = looks.due(); due.reads.length > 0; due = looks.due()) {
    assert.ok(due.reads.length <= 5);
    reads += due.reads.length;
  }
  assert.equal(reads, MOST_NEW);
});

test('whatever is killed, rotated and dropped, no line is lost silently or stored twice', async (t) => {
  const random = chance(Number(process.env['TOCSIN_TEST_SEED'] ?? 7));
  await using on = await HotRoom.open();
  await on.writeFor(10);
  await on.room.scheduled();
  for (let step = 0; step < 40; step++) {
    await on.writeFor(Math.floor(random() * 12));
    const event = random();
    if (event < 0.2) on.rotate();
    else if (event < 0.25)
      on.room.cluster.faults.add({ on: /follow=true/, times: 1, effect: { kind: 'reset', afterBytes: 50_000 } });
    else if (event < 0.3) on.room.cluster.faults.add({ on: /follow=true/, times: 1, effect: { kind: 'skip_file' } });
    else if (event < 0.36) await on.kill();
    else if (event < 0.42) await on.room.scheduled();
    await on.tick();
  }
  await on.room.scheduled();
  assert.deepEqual(await on.faults(), CLEAN);
  const stored = (await on.room.lines()).length;
  t.diagnostic(`${stored} of ${on.written.length} lines stored, ${on.streams()} streams`);
  assert.ok(on.streams() > 3 && stored > on.written.length / 2);
});
