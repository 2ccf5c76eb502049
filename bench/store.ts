import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { containing } from '../src/core/analyze/matching/text-filter.ts';
import type { Segment } from '../src/core/analyze/segment.ts';
import { EVERY_LINE } from '../src/core/model/line-query.ts';
import type { Store } from '../src/store/store.ts';
import type { Benchmark, Report } from './benchmark.ts';
import { CycleSource, commitCycle, DAY_OF_CYCLES, openHistory, PERIOD } from './harness/history.ts';
import { median } from './harness/median.ts';
import { figure } from './harness/table.ts';

const SHAPE = { workloads: 300, lines: 60 };
const START = Date.UTC(2026, 10, 20, 14);
const compress = promisify(zstdCompress);

export const store: Benchmark = {
  name: 'store',
  summary: 'what a cycle costs to write with a day of history against the first, how small it gets, and how fast it is read',
  async run({ short, folder, say }) {
    const source = new CycleSource(SHAPE, START);
    let now = START;
    await using old = await openHistory(join(folder, 'old'), () => now);
    let raw = 0;
    for (let index = 0; index < DAY_OF_CYCLES; index++) {
      say(`history ${index + 1} of ${DAY_OF_CYCLES}`);
      now = START + (index + 1) * PERIOD;
      const segments = [...source.segmentsAt(now)];
      raw += sizeOf(segments);
      await commitCycle(old, source.cycleAt(now), segments);
    }
    const size = old.size();
    const [after, first]: [number[], number[]] = [[], []];
    const runs = short ? 15 : 41;
    for (let index = 0; index < runs; index++) {
      say(`write ${index + 1} of ${runs}`);
      now += PERIOD;
      const segments = [...source.segmentsAt(now)];
      await using fresh = await openHistory(join(folder, `fresh-${index}`), () => now);
      // In turn, and the other one first every second time: what the machine does meanwhile hits both.
      const writes: readonly [Store, number[]][] = [
        [old, after],
        [fresh, first],
      ];
      for (const [into, times] of index % 2 === 0 ? writes : writes.toReversed()) {
        const started = performance.now();
        await commitCycle(into, source.cycleAt(now), segments);
        await into.expire(now);
        times.push(performance.now() - started);
      }
    }
    say('reading');
    return report({ after, first, size, raw, ...(await speeds(old, source, now)) });
  },
};

interface Speeds {
  /** Raw megabytes a second. */
  readonly written: number;
  readonly compressed: number;
  readonly searched: number;
}

/** Many cycles' lines written as one, beside compressing the same bytes alone; and the whole store searched for a text that nobody said. */
async function speeds(store: Store, source: CycleSource, now: number): Promise<Speeds> {
  const segments = Array.from({ length: 30 }, (_, index) => [...source.segmentsAt(now + (index + 1) * PERIOD)]).flat();
  const mb = sizeOf(segments) / 1e6;
  const [written, compressed, searched]: [number[], number[], number[]] = [[], [], []];
  for (let run = 0; run < 3; run++) {
    const later = source.cycleAt(now + (run + 1) * PERIOD);
    written.push((mb * 1000) / (await commitCycle(store, later, segments)));
    const started = performance.now();
    await compressAlone(segments);
    compressed.push((mb * 1000) / (performance.now() - started));
    // Each run adds the same lines once more.
    searched.push(await searchSpeed(store, now, mb * (run + 1)));
  }
  return { written: median(written), compressed: median(compressed), searched: median(searched) };
}

async function searchSpeed(store: Store, now: number, mbStored: number): Promise<number> {
  const text = containing('a text that nobody said');
  const started = performance.now();
  let found = 0;
  const all = { ...EVERY_LINE, from: now, to: now + 31 * PERIOD, text };
  for await (const _ of store.lines(all, new AbortController().signal)) found++;
  if (found > 0) throw new Error('a text that nobody said was found');
  return (mbStored * 1000) / (performance.now() - started);
}

/** The limit: blocks as large as the store's, as many at a time. */
async function compressAlone(segments: readonly Segment[]): Promise<void> {
  const bytes = Buffer.concat(segments.map((segment) => segment.bytes));
  const params = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 };
  let offset = 0;
  const worker = async () => {
    while (offset < bytes.length) {
      const block = bytes.subarray(offset, offset + 256 * 1024);
      offset += block.length;
      await compress(block, { params });
    }
  };
  await Promise.all([worker(), worker()]);
}

function report(measured: Speeds & { after: readonly number[]; first: readonly number[]; size: number; raw: number }): Report {
  const { size, raw, written, compressed, searched } = measured;
  const [after, first] = [median(measured.after), median(measured.first)];
  const speed = (what: string, value: number, limit: number) =>
    ({ what, measured: value, bound: 'at least', limit, unit: 'MB/s', must: false }) as const;
  return {
    claims: [
      {
        what: 'write of a cycle after a day / of the first',
        measured: after / first,
        bound: 'at most',
        limit: 1.2,
        unit: 'x',
        must: true,
      },
      { what: 'stored / raw', measured: size / raw, bound: 'at most', limit: 0.2, unit: 'x', must: true },
      speed('written, of raw', written, 300),
      speed('searched, of raw', searched, 450),
    ],
    tables: [
      {
        title: `${SHAPE.workloads} workloads with ${SHAPE.lines} lines a cycle; medians of ${measured.after.length} writes, in turn`,
        columns: ['', ''],
        rows: [
          ['write of the first cycle', `${figure(first)} ms`],
          [`write of a cycle after ${DAY_OF_CYCLES} others`, `${figure(after)} ms`],
          [`a day: ${figure(raw / 1e6)} MB raw`, `${figure(size / 1e6)} MB stored`],
          ['written into the store', `${figure(written)} MB/s`],
          ['zstd -1 alone, two blocks at a time', `${figure(compressed)} MB/s`],
          ['searched for a text that nobody said', `${figure(searched)} MB/s`],
        ],
      },
    ],
    notes: [],
  };
}

function sizeOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + segment.bytes.length, 0);
}
