import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY, MINUTE } from '../src/base/duration.ts';
import { silentLogger } from '../src/base/logger.ts';
import type { Segment } from '../src/core/analyze/segment.ts';
import { nextCycleId } from '../src/store/cycle-id.ts';
import { json } from '../src/store/json/json.ts';
import type { Store } from '../src/store/store.ts';
import { cycle, pod } from '../test/build.ts';
import { containerOf, segmentOf } from '../test/store/store-fixture.ts';

/** A day of cycles at the default schedule. */
const CYCLES = 144;
const START = Date.UTC(2026, 10, 21);
const CONTAINERS = 100;
const LINES_PER_CONTAINER = 200;
/** Commits into either store that are compared, in turns, so that a busy machine slows both. */
const COMPARED = 31;

export interface StoreCommitCost {
  /** Median milliseconds of a commit into a store without history, and into one that holds 24 hours. */
  readonly first: number;
  readonly last: number;
}

/** What a cycle costs to write at the first cycles and at the end of a day of history; the same lines each time. */
export async function measureStoreCommits(): Promise<StoreCommitCost> {
  const path = await mkdtemp(join(tmpdir(), 'tocsin-bench-'));
  try {
    await using full = await openStore(join(path, 'full'));
    await using fresh = await openStore(join(path, 'fresh'));
    const segments = cycleOfSegments();
    for (let i = 0; i < CYCLES; i++) await timeCommit(full, START + i * 10 * MINUTE, segments);
    const [first, last]: [number[], number[]] = [[], []];
    for (let i = CYCLES; i < CYCLES + COMPARED; i++) {
      const at = START + i * 10 * MINUTE;
      last.push(await timeCommit(full, at, segments));
      first.push(await timeCommit(fresh, at, segments));
    }
    return { first: median(first), last: median(last) };
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

function openStore(path: string): Promise<Store> {
  const options = { path, window: DAY, maxSize: 1024 ** 4, access: 'write', wait: 0, now: () => START } as const;
  return json.open({ ...options, logger: silentLogger, command: 'bench' });
}

async function timeCommit(store: Store, at: number, segments: readonly Segment[]): Promise<number> {
  const states = segments.map(({ ref }) => pod({ name: ref.pod }));
  const id = nextCycleId(store.summaries().at(-1)?.id ?? null, at);
  const began = performance.now();
  const draft = await store.begin(id);
  for (const segment of segments) await draft.write(segment);
  await draft.commit(cycle(at, { id, states }));
  const took = performance.now() - began;
  await store.expire(at);
  return took;
}

function cycleOfSegments(): Segment[] {
  return Array.from({ length: CONTAINERS }, (_, number) =>
    segmentOf(
      containerOf({ pod: `checkout-${number}` }),
      Array.from({ length: LINES_PER_CONTAINER }, (_, i) => ({
        at: `10:${String(i % 10).padStart(2, '0')}`,
        nanos: i,
        text: `{"level":"info","msg":"request handled","path":"/api/items/${(number * 7919 + i * 104729) % 9973}","status":200}`,
      })),
    ),
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
