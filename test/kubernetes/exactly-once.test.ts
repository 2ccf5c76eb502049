import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileGlob } from '../../src/base/glob.ts';
import { silentLogger } from '../../src/base/logger.ts';
import type { Cursor, Gap } from '../../src/core/model/cycle.ts';
import { collect } from '../../src/kubernetes/collect.ts';
import { OwnerCache } from '../../src/kubernetes/lists/owner.ts';
import { CursorBook } from '../../src/kubernetes/logs/cursor-book.ts';
import type { Session } from '../../src/kubernetes/session/session.ts';
import { type Faults, SimulatedKubelet } from './simulated-kubelet.ts';

const RUNS = Number(process.env['EXACTLY_ONCE_RUNS'] ?? 400);
const STEPS = 40;

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Tally {
  lines: number;
  duplicates: number;
  toldLosses: number;
  silentLosses: number;
  gaps: number;
}

class Watcher {
  readonly #kubelet: SimulatedKubelet;
  readonly #session: Session;
  readonly #lookback: number;
  readonly got = new Map<string, number>();
  readonly gaps: Gap[] = [];
  cursors: readonly Cursor[] = [];

  constructor(kubelet: SimulatedKubelet, lookback: number) {
    this.#kubelet = kubelet;
    this.#lookback = lookback;
    this.#session = {
      clusterName: 'simulated',
      server: 'http://api',
      maxInFlight: 5,
      api: kubelet.api(),
      owners: new OwnerCache(),
      clock: { now: () => kubelet.nowMs(), monotonic: () => kubelet.nowMs(), sleep: async () => {} },
      random: kubelet.random,
      logger: silentLogger,
      async [Symbol.asyncDispose]() {},
    };
  }

  /** One collection; like a crash before the commit, `lost` throws its result away. */
  async poll(lost: boolean): Promise<void> {
    const lines: string[] = [];
    const collection = await collect(
      this.#session,
      {
        include: [compileGlob('ns')],
        exclude: [],
        cursors: new CursorBook(this.cursors).begin(),
        eventCounts: {},
        lookback: this.#lookback,
        maxLine: 1024,
        maxPerContainer: this.#kubelet.random() < 0.1 ? 300 : 1 << 20,
        at: this.#kubelet.nowMs(),
        startedAt: this.#kubelet.nowMs(),
        sinkFor: () => ({
          line({ block, textStart, end, second, nanos }) {
            lines.push(`${BigInt(second) * 1_000_000_000n + BigInt(nanos)} ${block.toString('utf8', textStart, end)}`);
          },
          ready: () => undefined,
          async flush() {},
        }),
        objects: new Set(),
        normalEvents: [],
        ownerOf: () => null,
        redact: (text) => text,
        onProgress() {},
      },
      new AbortController().signal,
    );
    if (lost) return;
    for (const line of lines) this.got.set(line, (this.got.get(line) ?? 0) + 1);
    this.gaps.push(...collection.gaps);
    // As the store does it: through JSON.
    this.cursors = JSON.parse(JSON.stringify(collection.cursors));
  }

  hasAnchor(): boolean {
    return this.cursors.some((cursor) => cursor.ref.containerID === this.#kubelet.current.id && cursor.count > 0);
  }
}

async function simulate(seed: number, faults: Faults, tally: Tally): Promise<void> {
  const kubelet = new SimulatedKubelet(generator(seed), faults);
  const lookback = kubelet.random() < 0.5 ? 3_600_000 : 5_000;
  const watcher = new Watcher(kubelet, lookback);
  for (let step = 0; step < STEPS; step++) {
    if (kubelet.random() < 0.3) kubelet.now += BigInt(kubelet.integer(0, 30_000)) * 1_000_000n;
    kubelet.write(kubelet.integer(0, 40));
    const event = kubelet.random();
    if (event < 0.08) kubelet.rotate(!watcher.hasAnchor());
    else if (event < 0.14) kubelet.restart();
    else if (event < 0.16) {
      kubelet.restart();
      kubelet.write(3);
      kubelet.restart();
    } else if (event < 0.2) kubelet.exit();
    else if (event < 0.5 && kubelet.current.finishedAt !== null) kubelet.start();
    // What is older than the lookback when the pod is seen for the first time is not asked for.
    if (step === 0) {
      const since = BigInt(kubelet.nowMs() - lookback) * 1_000_000n;
      for (const record of kubelet.written) if (record.ts < since) record.unknowable = true;
    }
    await watcher.poll(kubelet.random() < 0.05 && step > 0);
  }
  kubelet.write(5);
  kubelet.exit();
  kubelet.quietFaults = true;
  for (let i = 0; i < 5; i++) await watcher.poll(false);
  judge(kubelet, watcher, tally);
}

function judge(kubelet: SimulatedKubelet, watcher: Watcher, tally: Tally): void {
  const left = new Map(watcher.got);
  tally.gaps += watcher.gaps.length;
  for (const record of kubelet.written) {
    const key = `${record.ts} ${record.body}`;
    const count = left.get(key) ?? 0;
    if (count > 0) {
      left.set(key, count - 1);
      tally.lines++;
      continue;
    }
    if (record.unknowable) continue;
    const at = Number(record.ts / 1_000_000n);
    // A millisecond of slack: lines may be out of order by less than that.
    const isTold = watcher.gaps.some((gap) => (gap.from === null || gap.from <= at + 1) && at - 1 <= gap.to);
    if (isTold) tally.toldLosses++;
    else tally.silentLosses++;
  }
  for (const surplus of left.values()) tally.duplicates += surplus;
}

async function run(faults: Faults, runs: number): Promise<Tally> {
  const tally: Tally = { lines: 0, duplicates: 0, toldLosses: 0, silentLosses: 0, gaps: 0 };
  for (let seed = 1; seed <= runs; seed++) {
    const before = { ...tally };
    await simulate(seed, faults, tally);
    if (process.env['SHOW'] && (before.duplicates !== tally.duplicates || before.silentLosses !== tally.silentLosses))
      console.log('seed', seed, tally.duplicates - before.duplicates, tally.silentLosses - before.silentLosses);
  }
  return tally;
}

// Before the first `test`: the runner's promise tracking makes 16,000 collections four times slower.
const faulty = await run({ truncated: 0.1, reset: 0.03, errorText: 0.01, restartAfterList: 0.03 }, RUNS);
const healthy = await run({ truncated: 0, reset: 0, errorText: 0, restartAfterList: 0 }, RUNS / 8);

test('no line comes twice and none is lost without a gap', (t) => {
  t.diagnostic(JSON.stringify(faulty));
  assert.deepEqual({ duplicates: faulty.duplicates, silent: faulty.silentLosses }, { duplicates: 0, silent: 0 });
  assert.ok(faulty.lines > 400 * RUNS, `only ${faulty.lines} lines were read`);
  assert.ok(faulty.toldLosses > 0, 'losses happen at all');
});

test('a healthy API loses only what was rotated away or replaced', () => {
  assert.deepEqual({ duplicates: healthy.duplicates, silent: healthy.silentLosses }, { duplicates: 0, silent: 0 });
});
